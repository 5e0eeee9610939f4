package dev.gyre.ingest.upload;

/// A file that is not what it was said to be; nothing of it is kept. The message names file, finding and remedy.
final class WrongFile extends IllegalArgumentException {

    WrongFile(String file, String found, String remedy) {
        super("%s %s; %s; nothing of it was kept".formatted(file, found, remedy));
    }
}
