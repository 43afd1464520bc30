package ai.hadal.server.anthropic;

import ai.hadal.server.ServerUnderTest;
import org.junit.jupiter.api.Test;

class ProbeTest {
    @Test
    void probe() {
        try (var server = ServerUnderTest.start()) {
            String tool = "\"tools\":[{\"name\":\"calculate\",\"description\":\"Compute an expression.\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"expression\":{\"type\":\"string\"}},\"required\":[\"expression\"]}},{\"name\":\"get_time\",\"description\":\"The time in a city.\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}}]";
            for (String q : new String[] {"what is 417 * 23?", "What is 417 * 23?", "What time is it in Paris?", "What time is it in London and what is 36 + 87?", "what is 36 + 87 and what time is it in London?"}) {
                for (String s : new String[] {"", ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}"}) {
                    System.out.println("Q " + q + " " + s);
                    System.out.println(server.post("/v1/messages", "{\"model\":\"nano\",\"temperature\":0,\"max_tokens\":300,\"messages\":[{\"role\":\"user\",\"content\":\"" + q + "\"}]," + tool + s + "}").body());
                }
            }
            System.out.println(server.post("/anthropic/v1/messages", "{\"model\":\"nano\",\"stream\":true,\"temperature\":0,\"max_tokens\":300,\"messages\":[{\"role\":\"user\",\"content\":\"what is 417 * 23?\"}],\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}," + tool + "}").body());
            System.out.println(server.post("/v1/messages", "{\"model\":\"nano\",\"temperature\":0,\"max_tokens\":300,\"messages\":[{\"role\":\"user\",\"content\":\"What is 17 + 25?\"},{\"role\":\"assistant\",\"content\":\"17 + 25 =\"}]}").body());
            System.out.println(server.post("/v1/messages/batches", "{}").body());
            System.out.println(server.post("/anthropic/nothing", "{}").body());
        }
    }
}
