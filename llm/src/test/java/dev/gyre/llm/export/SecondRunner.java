package dev.gyre.llm.export;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Runs archives by another binding and another build of libtorch than DJL's, in a process without DJL.
final class SecondRunner {

    private SecondRunner() {}

    /// Prints a line of numbers of each call: of a model's `forward`, then of three steps of each other archive.
    ///
    /// @param arguments ids with commas between, the archive of a model, archives of steps
    public static void main(String... arguments) {
        var ids = Arrays.stream(arguments[0].split(",", -1))
                .mapToLong(Long::parseLong)
                .toArray();
        var model = torch.load(arguments[1]);
        print(model.forward(new IValueVector(new IValue(torch.tensor(ids).view(1, ids.length)))));
        for (int i = 2; i < arguments.length; i++) {
            var step = torch.load(arguments[i]).get_method("step");
            for (int time = 0; time < SecondRunnerTest.STEPS; time++) {
                print(step.apply(new IValueVector()));
            }
        }
    }

    private static void print(IValue answer) {
        Tensor tensor = answer.toTensor().contiguous();
        var numbers = new float[Math.toIntExact(tensor.numel())];
        new FloatPointer(tensor.data_ptr()).get(numbers);
        System.out.println(Arrays.toString(numbers).replaceAll("[\\[\\],]", ""));
    }
}
