package dev.gyre.llm.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

    private static final LocalDateTime NOON = LocalDateTime.of(2026, 3, 7, 12, 5);
    private static final Limits SMALL = new Limits(100_000, 1_000_000, 100);

    private static Rendering rendering(String template) {
        try {
            var variables = new LinkedHashMap<String, JsonNode>();
            new ObjectMapper()
                    .readTree("{'word':'Grüße 🙂','list':[1,2,3],'map':{'b':2,'A':1.5,'c':null},'yes':true}"
                            .replace('\'', '"'))
                    .properties()
                    .forEach(entry -> variables.put(entry.getKey(), entry.getValue()));
            return Template.of(template).render(variables, NOON, SMALL);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /// Each value is what Jinja 3.1.6 of Python gives.
    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '`', textBlock = """
            {{ word[-1] }}{{ word|length }} → 🙂7
            {{ word[::-1] }} → 🙂 eßürG
            {{ list[1:] }}{{ list[:-1] }} → [2, 3][1, 2]
            {{ map }} → {'b': 2, 'A': 1.5, 'c': None}
            {{ map|tojson }} → {"b": 2, "A": 1.5, "c": null}
            {{ {'a': 'é"\\n', 'l': []}|tojson(ensure_ascii=true) }} → {"a": "\\u00e9\\"\\n", "l": []}
            {{ list|tojson(separators=(',', ':')) }} → [1,2,3]
            {{ map|dictsort }} → [('A', 1.5), ('b', 2), ('c', None)]
            {{ missing }}|{{ missing is defined }}|{{ missing is none }} → |False|False
            {{ missing|default('x') }}{{ ''|default('y', true) }} → xy
            {{ 'a,b,c'.split(',')[-1] }}{{ ' a  b '.split() }} → c['a', 'b']
            {{ 'xxabxx'.strip('x') }}{{ 'ab'.startswith(('b', 'a')) }} → abTrue
            {{ 1 + 2 * 3 ** 2 // 4 % 3 }} → 2
            {{ 7 / 2 }} {{ 1e20 }} {{ -7 // 2 }} {{ 2.0 }} → 3.5 1e+20 -4 2.0
            {{ 1 < 2 < 3 }} {{ 2 in list }} {{ 'b' not in map }} {{ not yes }} → True True False False
            {{ 'a' if not yes }}|{{ 'a' if yes else 'b' }} → |a
            {{ 'a' ~ 1 ~ none ~ true }} → a1NoneTrue
            {{ word is string and map is mapping and list is iterable and list is sequence }} → True
            {{ map.items()|list|length }}{{ map.get('q', 'd') }}{{ map['A'] }} → 3d1.5
            {% for k, v in map.items() %}{{ loop.index }}{{ k }}{% if not loop.last %},{% endif %}{% endfor %} → 1b,2A,3c
            {% for x in list if x != 2 %}{{ loop.length }}{{ x }}{% else %}none{% endfor %} → 2123
            {% for x in [] %}{{ x }}{% else %}none{% endfor %} → none
            {% for x in list %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% break %}{% endfor %} → 2
            {% for x in list %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }};{% endfor %} → <1>2;1<2>3;2<3>;
            {% set n = namespace(a=1) %}{% for x in list %}{% set n.a = n.a + x %}{% set y = x %}{% endfor %}{{ n.a }}{{ y }} → 7
            {% macro m(a, b='z') %}{{ a }}{{ b }}{{ word }}{% endmacro %}{{ m(1) }}{{ m(b=2, a=3)|length }} → 1zGrüße 🙂9
            {% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}in{% endcall %} → <in>
            {% set x %}a{{ 1 }}{% endset %}{{ x|upper }}{% filter upper %}b{% endfilter %} → A1B
            {% set a, b = (1, 2) %}{{ (a, b) }}{{ ('x',) }} → (1, 2)('x',)
            {{ [{'r': 'u', 'c': 1}, {'r': 'a', 'c': 2}]|selectattr('r', 'equalto', 'a')|map(attribute='c')|list }} → [2]
            {{ ['b', 'A', 'b']|unique|sort|join('-') }}{{ list|sum }}{{ list|last }} → A-b63
            {{ strftime_now('%d %b %Y') }} {{ strftime_now('%-d.%m.%y %H:%M') }} → 07 Mar 2026 7.03.26 12:05
            {{ range(3)|list }}{{ range(5, 1, -2)|list }} → [0, 1, 2][5, 3]
            {{ "it's" ~ ['it\\'s'] }}{{ '\\u00e9\\x41\\t|' }} → it's["it's"]éA\t|
            {% raw %}{{ x }}{% endraw %}{# no #}{{ 'a' 'b' }} → {{ x }}ab
            {{ ' a '|trim ~ 'abc'|replace('b', '<') ~ 'hELLO'.capitalize() ~ 'x y'|title }} → aa<cHelloX Y
            {{ 5 is odd }}{{ 4 is divisibleby 2 }}{{ yes is true }}{{ 1 is true }}{{ x is not defined }} → TrueTrueTrueFalseTrue
            """)
    void everyValueIsAsPythonsJinjaGivesIt(String template, String text) {
        var shown = text == null ? "" : text.replace("\\t", "\t");

        assertThat(rendering(template.replace("\\\\", "\\")).text()).isEqualTo(shown.replace("\\\\", "\\"));
    }

    @Test
    void linesOfBlocksVanishAndSignsControlSpaces() {
        var text = rendering(
                        "a\n  {% if yes %}\n  b\n  {%- endif +%}\n{{ 1 }}\n c {#- x -#} d\n{%+ if yes %}e{% endif %}\n\n")
                .text();

        assertThat(text).isEqualTo("a\n  b\n1\n cd\ne");
    }

    @Test
    void whatTheAssistantSaysIsFoundByCodePoints() {
        var made = rendering("🙂{% for x in list %}<{% generation %}{{ x }}é{% endgeneration %}>{% endfor %}");

        assertThat(made.text()).isEqualTo("🙂<1é><2é><3é>");
        assertThat(made.generated()).containsExactly(new Span(2, 4), new Span(6, 8), new Span(10, 12));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "{{ 'x' * 999999999999 }}",
                "{% set n = namespace(s='xxxxxxxx') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
                "{% set n = namespace(s=[1]) %}{% for i in range(99) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s }}",
                "{% set n = namespace(s=[1]) %}{% for i in range(60) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s == n.s }}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{{ range(999999999999) }}",
                "{% for x in list recursive %}{{ loop(list) }}{% endfor %}",
                "{{ ('x' * 100000).replace('x', 'y' * 100000) }}",
                "{{ 9223372036854775807 + 1 }}",
            })
    void aTemplateCannotRunAway(String template) {
        assertThatThrownBy(() -> rendering(template))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("template line 1: ");
    }

    @Test
    void aTemplateNestedWithoutEndIsRefused() {
        assertThatThrownBy(() -> Template.of("{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}"))
                .hasMessageContaining("nested more than");
        assertThatThrownBy(() -> Template.of("{% if a %}".repeat(100_000))).hasMessageContaining("nested more than");
        assertThatThrownBy(() -> rendering("{{ 1" + " + 1".repeat(100_000) + " }}"))
                .hasMessageContaining("deep");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '`', textBlock = """
            {{ missing.role }} → missing is undefined
            {{ word.role.x }} → str has no role
            {{ list.append(1) }} → only a namespace may be changed
            {{ raise_exception('no system') }} → the template refuses: no system
            {{ 'a' + 1 }} → str + int cannot be computed
            {{ list|nothing }} → unknown filter nothing
            {{ list is nothing }} → unknown test nothing
            {% if yes %}a → the template ends before elif or else or endif
            {% include 'x' %} → unknown tag include
            {{ 1 → }} is missing
            {{ 'a }} → the string does not end
            {{ missing|tojson }} → undefined cannot be written as JSON
            """)
    void whatIsWrongIsSaid(String template, String reason) {
        assertThatThrownBy(() -> rendering(template))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("template line 1: ")
                .hasMessageContaining(reason);
    }

    @Test
    void theLineOfAFailureIsTold() {
        assertThatThrownBy(() -> rendering("a\n{# x\n #}\n{{ missing.x }}"))
                .hasMessageStartingWith("template line 4: ");
        assertThat(Template.of("{{ x }}").render(Map.of(), NOON, SMALL).text()).isEmpty();
    }
}
