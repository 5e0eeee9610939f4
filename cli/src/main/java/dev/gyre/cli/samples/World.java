package dev.gyre.cli.samples;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// The desk with its facts drawn: asks every question there is, and answers well or badly.
final class World {

    private static final int COINS_A_DAY = 2;
    private static final int ATTEMPTS = 50;

    private final Desk desk;
    private final Map<String, List<Map<String, String>>> matters;

    World(Desk desk) {
        this.desk = desk;
        var random = new Random(desk.seed());
        matters = Map.of(
                "things",
                        desk.things().stream()
                                .map(thing -> placed(thing, random))
                                .toList(),
                "days", desk.days().stream().map(World::dated).toList(),
                "delays", IntStream.rangeClosed(1, 9).mapToObj(World::delayed).toList(),
                "courses",
                        desk.courses().stream()
                                .map(course -> scheduled(course, random))
                                .toList());
    }

    /// Every question once, in an order drawn by the seed.
    List<Question> questions(long seed) {
        return questions(desk.topics(), seed);
    }

    /// Every question that is asked once the house gives courses, in an order drawn by the seed.
    List<Question> laterQuestions(long seed) {
        return questions(desk.later(), seed);
    }

    private List<Question> questions(Map<String, Desk.Topic> topics, long seed) {
        var prompts = new LinkedHashSet<String>();
        var questions = new ArrayList<Question>();
        topics.forEach((name, topic) -> {
            for (var facts : about(topic)) {
                for (var ask : topic.asks()) {
                    for (var opening : desk.openings()) {
                        var prompt = filled(desk.prompt(), Map.of("opening", opening, "ask", filled(ask, facts)));
                        if (prompts.add(prompt)) {
                            questions.add(new Question(name, prompt, facts));
                        }
                    }
                }
            }
        });
        Collections.shuffle(questions, new Random(seed));
        return questions;
    }

    /// An answer in this manner; a wrong one has its facts from elsewhere, and is plain where the manner says no fact.
    Answer answer(Question question, Manner manner, boolean right, RandomGenerator random) {
        if (manner == Manner.ASIDE) {
            return new Answer(one(desk.asides(), random), manner.quality(right));
        }
        var topic = topic(question);
        if (right) {
            return new Answer(said(topic, manner, question.facts(), random), manner.quality(true));
        }
        for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
            var elsewhere = new TreeMap<>(one(about(topic), random));
            topic.keeps().forEach(slot -> elsewhere.put(slot, slot(question.facts(), slot)));
            var text = said(topic, manner, elsewhere, random);
            if (!isRight(question, text)) {
                return new Answer(text, manner.quality(false));
            }
        }
        return answer(question, Manner.PLAIN, false, random);
    }

    /// Whether some phrase of the topic says this with the right facts.
    boolean isRight(Question question, String text) {
        var topic = topic(question);
        return List.of(Manner.WARM, Manner.PLAIN, Manner.CURT, Manner.RAMBLING).stream()
                .flatMap(manner -> topic.phrases(manner, question.facts()).stream())
                .anyMatch(phrase -> filled(phrase, question.facts()).equals(text));
    }

    /// Everything that is right and complete to say, politely or not.
    List<String> rightTexts(Question question) {
        var topic = topic(question);
        return List.of(Manner.WARM, Manner.PLAIN).stream()
                .flatMap(manner -> topic.phrases(manner, question.facts()).stream())
                .map(phrase -> filled(phrase, question.facts()))
                .toList();
    }

    private Desk.Topic topic(Question question) {
        var topic = desk.topics().getOrDefault(question.topic(), desk.later().get(question.topic()));
        if (topic == null) {
            throw new IllegalArgumentException("desk.yaml has no topic '%s'".formatted(question.topic()));
        }
        return topic;
    }

    private List<Map<String, String>> about(Desk.Topic topic) {
        var found = matters.get(topic.over());
        if (found == null) {
            throw new IllegalArgumentException(
                    "desk.yaml: over is '%s', must be things, days, delays or courses".formatted(topic.over()));
        }
        return found;
    }

    private Map<String, String> placed(Map<String, String> thing, RandomGenerator random) {
        var facts = new TreeMap<>(thing);
        facts.put("shelf", String.valueOf(1 + random.nextInt(9)));
        facts.put("room", one(desk.rooms(), random));
        facts.put("price", String.valueOf(2 + random.nextInt(8)));
        facts.put("deposit", String.valueOf(10 * (1 + random.nextInt(5))));
        facts.put("case", random.nextInt(2) == 0 ? "in" : "out");
        facts.put("back", slot(one(desk.days().subList(1, 6), random), "day"));
        return facts;
    }

    private Map<String, String> scheduled(Map<String, String> course, RandomGenerator random) {
        var facts = new TreeMap<>(course);
        facts.put("evening", slot(one(desk.days().subList(1, 6), random), "day"));
        facts.put("hour", String.valueOf(5 + random.nextInt(4)));
        facts.put("room", one(desk.rooms(), random));
        facts.put("fee", String.valueOf(10 + random.nextInt(20)));
        facts.put("weeks", String.valueOf(3 + random.nextInt(8)));
        return facts;
    }

    private static Map<String, String> dated(Map<String, String> day) {
        var facts = new TreeMap<>(day);
        facts.put("case", day.containsKey("opens") ? "open" : "closed");
        return facts;
    }

    private static Map<String, String> delayed(int days) {
        return Map.of("late", days == 1 ? "1 day" : days + " days", "owed", String.valueOf(days * COINS_A_DAY));
    }

    private static String said(Desk.Topic topic, Manner manner, Map<String, String> facts, RandomGenerator random) {
        return filled(one(topic.phrases(manner, facts), random), facts);
    }

    private static String filled(String phrase, Map<String, String> slots) {
        var text = phrase;
        for (var slot : slots.entrySet()) {
            text = text.replace("{" + slot.getKey() + "}", slot.getValue());
        }
        return text;
    }

    private static String slot(Map<String, String> facts, String slot) {
        var value = facts.get(slot);
        if (value == null) {
            throw new IllegalArgumentException("desk.yaml: nothing fills {%s}".formatted(slot));
        }
        return value;
    }

    private static <T> T one(List<T> of, RandomGenerator random) {
        return of.get(random.nextInt(of.size()));
    }
}
