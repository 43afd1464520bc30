package ai.hadal.grammar;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A schema with texts that its grammar takes and texts that it does not.
record SchemaCase(String schema, List<String> accepted, List<String> refused) {

    static final List<SchemaCase> ALL = List.of(
            of("true")
                    .accepting(
                            "{\"a\": [1, \"x\", null, true]}",
                            "\"é😀\\ud83d\\ude00\"",
                            "-0.5e-7",
                            "{\n  \"a\": [\n    1\n  ]\n}")
                    .refusing("{\"a\":1,}", "01", "\"\\ud83d\"", "\"\n\"", "{}  ", "tru", "[1 ]]"),
            of("{}").accepting("null", "[]", "[{}]").refusing(""),
            of("{'type':'null'}").accepting("null").refusing("0", "nul"),
            of("{'type':'boolean'}").accepting("true", "false").refusing("null", "True"),
            of("{'type':'string'}").accepting("''", "'a\\\\n'", "'｜<think>'").refusing("1", "a", "'"),
            of("{'type':['string','null','integer']}")
                    .accepting("null", "'a'", "-12")
                    .refusing("1.5", "true", "[]"),
            of("{'type':'string','minLength':2,'maxLength':4}")
                    .accepting("'ab'", "'😀é'", "'\\\\n\\\\ud83d\\\\ude00xy'")
                    .refusing("'a'", "'abcde'"),
            of("{'type':'string','maxLength':70000}")
                    .accepting("'" + "ab".repeat(3000) + "'")
                    .refusing("7"),
            of("{'type':'string','minLength':500}")
                    .accepting("'" + "a".repeat(500) + "'")
                    .refusing("'" + "a".repeat(499) + "'"),
            of("{'type':'string','pattern':'^[A-Z]{2}-\\\\d+$'}")
                    .accepting("'AB-12'")
                    .refusing("'AB-'", "'ab-1'", "'ABC-1'"),
            of("{'type':'string','pattern':'^(?:yes|no|(?<x>may)(?:be)?)$'}")
                    .accepting("'yes'", "'may'", "'maybe'")
                    .refusing("'yesno'"),
            of("{'type':'string','pattern':'ab|^c'}")
                    .accepting("'xxabxx'", "'cx'")
                    .refusing("'xac'"),
            of("{'type':'string','pattern':'^[^\\\\s\\\"]+\\\\s\\\\w*$','maxLength':9000}"
                            .replace(",'maxLength':9000", ""))
                    .accepting("'a,b c'", "'é\\\\tx'")
                    .refusing("'a b c'", "'a\\\\\"b x'"),
            of("{'type':'string','pattern':'^[a-z]+$','minLength':3,'maxLength':5}")
                    .accepting("'abc'", "'abcde'")
                    .refusing("'ab'", "'abcdef'"),
            of("{'type':'string','format':'date'}")
                    .accepting("'2024-02-29'", "'2026-12-31'")
                    .refusing("'2023-02-29'", "'2026-04-31'", "'26-1-1'"),
            of("{'type':'string','format':'time'}")
                    .accepting("'23:59:59Z'", "'10:00:00.5+02:00'")
                    .refusing("'24:00:00Z'", "'10:00'"),
            of("{'type':'string','format':'date-time'}")
                    .accepting("'2026-01-31T10:00:00Z'")
                    .refusing("'2026-01-31'"),
            of("{'type':'string','format':'uuid'}")
                    .accepting("'123e4567-e89b-12d3-a456-426614174000'")
                    .refusing("'123e4567'"),
            of("{'type':'string','format':'ipv4'}").accepting("'192.168.0.1'").refusing("'256.1.1.1'", "'01.1.1.1'"),
            of("{'type':'string','format':'duration'}")
                    .accepting("'P3Y6M4DT12H30M5S'", "'PT36H'", "'P2W'")
                    .refusing("'P'", "'PT'", "'P1W2D'", "'1D'"),
            of("{'type':'string','format':'hostname'}")
                    .accepting("'localhost'", "'a-b.example.org'")
                    .refusing("'-a'", "'a..b'", "'a b'", "''"),
            of("{'type':'string','format':'ipv6'}")
                    .accepting("'::1'", "'2001:db8::8a2e:370:7334'", "'1:2:3:4:5:6:7:8'", "'::'")
                    .refusing("'1::2::3'", "':1'", "'1:2:3:4:5:6:7:8:9'", "'g::'"),
            of("{'type':'string','format':'uri'}")
                    .accepting("'https://example.org:80/a%20b?q=1#top'", "'urn:isbn:0451450523'", "'mailto:a@b.c'")
                    .refusing("'example.org'", "'http://a b'", "'http://'", "'x:%zz'"),
            of("{'type':'string','format':'shoe-size'}").accepting("'anything'").refusing("1"),
            of("{'type':'integer'}")
                    .accepting("0", "-7", "123456789012345678901234567890")
                    .refusing("01", "1.0", "1e3", "+1"),
            of("{'type':'integer','minimum':-12,'maximum':105}")
                    .accepting("-12", "0", "99", "100", "105")
                    .refusing("-13", "106", "110", "1000"),
            of("{'type':'integer','exclusiveMinimum':7,'exclusiveMaximum':23}")
                    .accepting("8", "22")
                    .refusing("7", "23", "-8"),
            of("{'type':'integer','minimum':1000}").accepting("1000", "98765").refusing("999", "-1000"),
            of("{'type':'integer','maximum':-5}").accepting("-5", "-60").refusing("-4", "5", "0"),
            of("{'type':'integer','multipleOf':7}")
                    .accepting("0", "-7", "21", "1001")
                    .refusing("1", "20", "07", "-6", "7.0"),
            of("{'type':'number','multipleOf':25,'minimum':0}")
                    .accepting("0", "75", "1000025")
                    .refusing("-25", "26", "25.0"),
            of("{'type':'integer','multipleOf':5,'minimum':-7,'maximum':12}")
                    .accepting("-5", "0", "5", "10")
                    .refusing("-10", "15", "7", "12"),
            of("{'allOf':[{'type':'integer','multipleOf':4},{'multipleOf':2}]}")
                    .accepting("4", "-8")
                    .refusing("2", "6"),
            of("{'type':'number','multipleOf':0.01}")
                    .accepting("3", "-1.5", "0.25")
                    .refusing("0.125", "1e2", "1."),
            of("{'enum':[1,2.5,4,'x'],'multipleOf':2}").accepting("4", "'x'").refusing("1", "2.5"),
            of("{'type':'number'}").accepting("1", "-1.5", "2E+10").refusing("1.", ".5"),
            of("{'type':'number','minimum':0,'maximum':1}")
                    .accepting("0", "0.0001", "1", "1.00")
                    .refusing("1.01", "-0.1", "2"),
            of("{'type':'number','exclusiveMinimum':-2.55,'maximum':3.125}")
                    .accepting("-2.549", "3.125", "-2", "0", "3.1")
                    .refusing("-2.55", "-2.550", "3.126", "3.2", "-3"),
            of("{'type':'number','minimum':10.5}")
                    .accepting("10.5", "10.50", "11", "200.7")
                    .refusing("10", "10.49", "9"),
            of("{'enum':['a','b\\\"c',1,2.5,null,{'x':[1,2]}]}")
                    .accepting("'a'", "'b\\\\\"c'", "2.5", "{'x': [1, 2]}")
                    .refusing("'c'", "3", "{'x':[1]}"),
            of("{'const':'only'}").accepting("'only'").refusing("'other'"),
            of("{'type':'string','enum':['a',1,'bcd'],'maxLength':2}")
                    .accepting("'a'")
                    .refusing("1", "'bcd'"),
            of("{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'string'},'c':{'type':'boolean'}},'required':['a','c']}")
                    .accepting("{'a':1,'c':true}", "{'a': 1, 'b': 'x', 'c': false}", "{\n  'a': 1,\n  'c': true\n}")
                    .refusing(
                            "{'a':1}",
                            "{'c':true,'a':1}",
                            "{'a':1,'c':true,'d':1}",
                            "{'a':'1','c':true}",
                            "{'a':1,'a':1,'c':true}"),
            of("{'type':'object','properties':{'a':{},'b':{}},'additionalProperties':false}")
                    .accepting("{}", "{'b':1}", "{'a':[],'b':{}}")
                    .refusing("{'c':1}"),
            of("{'type':'object','properties':{'ab':{'type':'integer'},'a':{'type':'null'}},'additionalProperties':{'type':'string'}}")
                    .accepting("{'ab':1,'abc':'x','b':'y'}", "{'aé':'x'}")
                    .refusing("{'b':1}", "{'x':'1','ab':1}", "{'ab':'x'}", "{'a\\\\u0062':'x'}"),
            of("{'type':'object','properties':{'a':{'type':'integer'}},'additionalProperties':true}")
                    .accepting("{'a':1,'z':[1]}")
                    .refusing("{'a':'x'}"),
            of("{'type':'object','additionalProperties':{'type':'integer'}}")
                    .accepting("{}", "{'x':1,'y':2}")
                    .refusing("{'x':'1'}"),
            of("{'type':'object','properties':{}}").accepting("{}").refusing("{'a':1}"),
            of("{'type':'object'}").accepting("{}", "{'a':1}").refusing("[]"),
            of("{'type':'object','required':['q'],'minProperties':1}")
                    .accepting("{'q':[]}")
                    .refusing("{}"),
            of("{'type':'object','additionalProperties':{'type':'null'},'maxProperties':2}")
                    .accepting("{'x':null,'y':null}")
                    .refusing("{'x':null,'y':null,'z':null}"),
            of("{'type':'array','items':{'type':'integer'}}")
                    .accepting("[]", "[1, 2,3]")
                    .refusing("['1']", "[1,]", "[,1]"),
            of("{'type':'array','items':{'type':'boolean'},'minItems':2,'maxItems':3}")
                    .accepting("[true,false]", "[true,true,true]")
                    .refusing("[]", "[true]", "[true,true,true,true]"),
            of("{'type':'array','prefixItems':[{'type':'integer'},{'type':'string'}],'items':false,'minItems':1}")
                    .accepting("[1]", "[1,'a']")
                    .refusing("[]", "['a']", "[1,'a',2]"),
            of("{'type':'array','prefixItems':[{'type':'integer'}],'items':{'type':'string'},'minItems':2,'maxItems':3}")
                    .accepting("[1,'a']", "[1,'a','b']")
                    .refusing("[1]", "[1,2]", "[1,'a','b','c']"),
            of("{'type':'array','maxItems':0}").accepting("[]").refusing("[1]"),
            of("{'anyOf':[{'type':'integer','minimum':3},{'type':'string','maxLength':1},{'type':'array','items':{'type':'null'}}]}")
                    .accepting("3", "'a'", "[null]")
                    .refusing("2", "'ab'", "[1]"),
            of("{'oneOf':[{'type':'object','properties':{'k':{'const':'a'},'v':{'type':'integer'}},'required':['k','v']},{'type':'object','properties':{'k':{'const':'b'},'w':{'type':'string'}},'required':['k','w']}]}")
                    .accepting("{'k':'a','v':1}", "{'k':'b','w':'x'}")
                    .refusing("{'k':'a','w':'x'}", "{'k':'c'}"),
            of("{'allOf':[{'type':'object','properties':{'a':{'type':'integer'}},'required':['a']},{'properties':{'a':{'minimum':5},'b':{'type':'null'}},'required':['b']}]}")
                    .accepting("{'a':5,'b':null}")
                    .refusing("{'a':4,'b':null}", "{'a':5}"),
            of("{'type':'object','properties':{'id':{'type':'integer'}},'required':['id'],'anyOf':[{'properties':{'x':{'type':'string'}},'required':['x']},{'properties':{'y':{'type':'boolean'}},'required':['y']}]}")
                    .accepting("{'id':1,'x':'a'}", "{'id':1,'y':true}")
                    .refusing("{'id':1}", "{'x':'a'}"),
            of("{'$ref':'#/$defs/node','$defs':{'node':{'type':'object','properties':{'v':{'type':'integer'},'next':{'anyOf':[{'$ref':'#/$defs/node'},{'type':'null'}]}},'required':['v','next']}}}")
                    .accepting("{'v':1,'next':{'v':2,'next':null}}")
                    .refusing("{'v':1}", "{'v':1,'next':{'v':2}}"),
            of("{'definitions':{'tree':{'type':'array','items':{'$ref':'#/definitions/tree'}}},'type':'object','properties':{'t':{'$ref':'#/definitions/tree','maxItems':2}},'required':['t']}")
                    .accepting("{'t':[[],[[[],[],[]]]]}")
                    .refusing("{'t':[[],[],[]]}", "{'t':[1]}"),
            of("{'$defs':{'e':{'anyOf':[{'type':'integer'},{'type':'object','properties':{'l':{'$ref':'#/$defs/e'},'op':{'const':'+'},'r':{'$ref':'#/$defs/e'}},'required':['l','op','r']},{'type':'object','properties':{'l':{'$ref':'#/$defs/e'},'op':{'const':'!'}},'required':['l','op']}]}},'$ref':'#/$defs/e'}")
                    .accepting("{'l':{'l':{'l':1,'op':'!'},'op':'+','r':2},'op':'!'}")
                    .refusing("{'l':1,'op':'+'}"),
            of("{'type':'object','properties':{'name/x~y':{'$anchor':'here','type':'string'},'b':{'$ref':'#here'}},'required':['b']}")
                    .accepting("{'b':'x'}")
                    .refusing("{'b':1}"));

    private static SchemaCase of(String schema) {
        return new SchemaCase(schema.replace('\'', '"'), List.of(), List.of());
    }

    private SchemaCase accepting(String... texts) {
        return new SchemaCase(schema, quoted(texts), refused);
    }

    private SchemaCase refusing(String... texts) {
        return new SchemaCase(schema, accepted, quoted(texts));
    }

    private static List<String> quoted(String... texts) {
        return List.of(texts).stream()
                .map(text -> text.replace('\'', '"').replace("\\\\", "\\"))
                .toList();
    }

    JsonNode tree() {
        return JsonMapper.shared().readTree(schema);
    }

    Grammar grammar() {
        return new JsonSchemaGrammar("JSON schema", tree(), JsonSchemaGrammar.Manner.STRICT).json();
    }
}
