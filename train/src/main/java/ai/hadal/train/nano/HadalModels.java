package ai.hadal.train.nano;

/// The models that Hadal runs and how they are built. The form is that of [Answer#parse].
final class HadalModels {

    static final String SHEET = """
            the models; 模型
            Which models does Hadal run? | Which models can I use? | What models are supported? | Which models are there?
            Hadal runs DeepSeek-V4-Flash and DeepSeek-V4-Pro.
            Hadal能运行哪些模型？ | 我能用哪些模型？ | 支持什么模型？
            Hadal能运行DeepSeek-V4-Flash和DeepSeek-V4-Pro。

            the maker of V4; V4的作者
            Who made V4? | Who made DeepSeek-V4? | Who trained V4-Flash? | Where does V4 come from?
            DeepSeek made V4.
            谁做了V4？ | 谁做了DeepSeek-V4？ | V4从哪里来？
            V4是DeepSeek做的。

            the size of V4-Flash; V4-Flash的大小
            How large is V4-Flash? | How many parameters does V4-Flash have? | What is the size of V4-Flash?
            V4-Flash has 284 billion parameters.
            V4-Flash有多大？ | V4-Flash有多少参数？ | V4-Flash的大小是多少？
            V4-Flash有2840亿个参数。

            the size of V4-Pro; V4-Pro的大小
            How large is V4-Pro? | How many parameters does V4-Pro have? | What is the size of V4-Pro?
            V4-Pro has 1573 billion parameters.
            V4-Pro有多大？ | V4-Pro有多少参数？ | V4-Pro的大小是多少？
            V4-Pro有15730亿个参数。

            the memory of V4-Flash; V4-Flash的内存
            How much memory does V4-Flash need? | How large are the files of V4-Flash? | Does V4-Flash fit in my memory?
            The weights of V4-Flash take about 149 GiB.
            V4-Flash要多少内存？ | V4-Flash的文件有多大？ | 我的内存放得下V4-Flash吗？
            V4-Flash的权重大约149 GiB。

            the memory of V4-Pro; V4-Pro的内存
            How much memory does V4-Pro need? | How large are the files of V4-Pro? | Does V4-Pro fit in my memory?
            The weights of V4-Pro take about 805 GiB.
            V4-Pro要多少内存？ | V4-Pro的文件有多大？ | 我的内存放得下V4-Pro吗？
            V4-Pro的权重大约805 GiB。

            the formats; 格式
            Which formats can Hadal read? | Which file formats are supported? | What formats are there?
            Hadal reads safetensors and GGUF.
            Hadal能读什么格式？ | 支持什么文件格式？ | 有哪些格式？
            Hadal能读safetensors和GGUF。

            GGUF; GGUF
            Can Hadal read GGUF? | Does GGUF work? | May I use a GGUF file?
            Yes, Hadal reads GGUF files of the architecture deepseek4.
            Hadal能读GGUF吗？ | GGUF能用吗？ | 我能用GGUF文件吗？
            能，Hadal能读结构为deepseek4的GGUF文件。

            the folder of a model
            What is in a model folder? | Which files does a model need? | What must a model folder have?
            A model folder has config.json, tokenizer.json and the safetensors files.

            FP8
            What is FP8? | Does Hadal read FP8? | What does FP8 mean?
            FP8 is a number format of eight bits. Hadal reads it.

            FP4; FP4
            What is FP4? | Does Hadal read FP4? | What does FP4 mean?
            FP4 is a number format of four bits. The experts of V4 use it.
            FP4是什么？ | Hadal能读FP4吗？ | FP4是什么意思？
            FP4是四位的数字格式，V4的专家用它。

            CSA; CSA
            What is CSA? | What does CSA mean? | Explain CSA. | Tell me about compressed sparse attention.
            CSA is compressed sparse attention: it pools 4 tokens into one entry and reads only the best entries.
            CSA是什么？ | CSA是什么意思？ | 解释一下CSA。
            CSA是压缩稀疏注意力：每4个token合成一项，只读最好的几项。

            HCA; HCA
            What is HCA? | What does HCA mean? | Explain HCA. | Tell me about heavily compressed attention.
            HCA is heavily compressed attention: it pools 128 tokens into one entry and reads all entries.
            HCA是什么？ | HCA是什么意思？ | 解释一下HCA。
            HCA是重度压缩注意力：每128个token合成一项，读所有的项。

            mHC
            What is mHC? | What does mHC mean? | Explain mHC. | Tell me about hyper-connections.
            mHC means manifold-constrained hyper-connections: several streams replace the one residual stream.

            MTP
            What is MTP? | What does MTP mean? | Explain MTP. | Tell me about multi-token prediction.
            MTP is multi-token prediction: an extra block predicts one more token.

            SWA
            What is SWA? | What does SWA mean? | Explain SWA. | What is the sliding window?
            SWA is sliding-window attention: each token reads the last 128 tokens.

            the indexer
            What is the lightning indexer? | What does the indexer do? | Explain the indexer.
            The lightning indexer chooses which compressed entries a token reads.

            the compressor
            What is the compressor? | What does the compressor do? | Explain the compressor.
            The compressor pools some tokens into one entry of the cache.

            the attention sink
            What is the attention sink? | What does the sink do? | Explain the attention sink.
            The attention sink lets a head look at nothing.

            experts
            What is a mixture of experts? | What are experts? | Explain the experts. | What is MoE?
            Each token uses only a few of many small networks, the experts.

            hash routing
            What is hash routing? | How does hash routing work? | Explain hash routing.
            In the first blocks a table gives the experts of each token.

            the shared expert
            What is the shared expert? | What does the shared expert do? | Explain the shared expert.
            The shared expert is used by every token.

            DSML
            What is DSML? | What does DSML do? | Explain DSML. | How are tool calls written?
            DSML is the markup for the tool calls of V4.

            tools; 工具
            Can you use tools? | Can Hadal use tools? | How do tools work? | Do you know tool calls?
            Yes, a model may call the tools that you describe, and you send back the results.
            你能用工具吗？ | Hadal能用工具吗？ | 工具怎么用？
            能，模型可以调用你描述的工具，你把结果发回来。

            the tokenizer
            What is a tokenizer? | What does the tokenizer do? | What is a token?
            The tokenizer cuts a text into tokens, small pieces with numbers.

            prefill
            What is prefill? | What does prefill mean? | Explain prefill.
            Prefill is the reading of the prompt, many tokens at once.

            decode
            What is decode? | What does decode mean? | Explain decode.
            Decode is the writing of the answer, one token at a time.

            the cache
            What is the key-value cache? | What is in the cache? | Explain the cache.
            The cache holds what the model remembers of the text.

            forks
            What is a fork? | Can I fork a text? | What does fork do?
            A fork is a copy of a running text that goes its own way.

            backends
            What is a backend? | Which backends are there? | What does a backend do?
            A backend computes the operations. There are `cpu` and `reference`.
            """;

    private HadalModels() {}
}
