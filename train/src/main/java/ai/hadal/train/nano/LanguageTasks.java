package ai.hadal.train.nano;

import java.util.List;

/// Reading, remembering, using tools, and talking about Hadal.
final class LanguageTasks {

    private LanguageTasks() {}

    static List<Task> all() {
        return List.of(
                new RecallTask(),
                new RecallManyTask(),
                new RepeatTask(),
                new MemoryTask(),
                new StoryTask(),
                new TellStoryTask(),
                new RetrievalTask("retrieval-256", 256),
                new RetrievalTask("retrieval-512", 512),
                new RetrievalTask("retrieval-1k", 1_024),
                new RetrievalTask("retrieval-2k", 2_048),
                new RetrievalTask("retrieval-4k", 4_096),
                new RetrievalTask("retrieval-8k", 8_192),
                new RetrievalTask("retrieval-16k", 16_384),
                new RetrievalManyTask("retrieval-many-256", 256, 6),
                new RetrievalManyTask("retrieval-many-512", 512, 12),
                new RetrievalManyTask("retrieval-many-1k", 1_024, 20),
                new RetrievalManyTask("retrieval-many-2k", 2_048, 40),
                new RetrievalManyTask("retrieval-many-4k", 4_096, 60),
                new ToolTask("tool-calculator", ToolQuestions::calculator),
                new ToolTask("tool-clock", ToolQuestions::time),
                new ToolTask("tool-weather", ToolQuestions::weather),
                new ToolTask("tool-file", ToolQuestions::file),
                new ToolTask("tool-lookup", ToolQuestions::lookup),
                new ToolNoneTask(),
                new ToolParallelTask(),
                new ToolErrorTask(),
                new AgentTask("agent-short", ShortAgentPlans::draw),
                new AgentTask("agent", AgentPlans::draw),
                HadalFacts.task(),
                CommonFacts.task(),
                new GreetingTask());
    }
}
