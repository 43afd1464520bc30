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

            the folder of a model; 模型的文件夹
            What is in a model folder? | Which files does a model need? | What must a model folder have?
            A model folder has config.json, tokenizer.json and the safetensors files.
            模型文件夹里有什么？ | 模型需要哪些文件？ | 模型文件夹要有什么？
            模型文件夹里有config.json，tokenizer.json和safetensors文件。

            FP8; FP8
            What is FP8? | Does Hadal read FP8? | What does FP8 mean?
            FP8 is a number format of eight bits. Hadal reads it.
            FP8是什么？ | Hadal能读FP8吗？ | FP8是什么意思？
            FP8是八位的数字格式，Hadal能读。

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

            mHC; mHC
            What is mHC? | What does mHC mean? | Explain mHC. | Tell me about hyper-connections.
            mHC means manifold-constrained hyper-connections: several streams replace the one residual stream.
            mHC是什么？ | mHC是什么意思？ | 解释一下mHC。
            mHC是流形约束的超连接：用几条流代替一条残差流。

            MTP; MTP
            What is MTP? | What does MTP mean? | Explain MTP. | Tell me about multi-token prediction.
            MTP is multi-token prediction: an extra block predicts one more token.
            MTP是什么？ | MTP是什么意思？ | 解释一下MTP。
            MTP是多token预测：一个额外的块多预测一个token。

            SWA; SWA
            What is SWA? | What does SWA mean? | Explain SWA. | What is the sliding window?
            SWA is sliding-window attention: each token reads the last 128 tokens.
            SWA是什么？ | SWA是什么意思？ | 什么是滑动窗口？
            SWA是滑动窗口注意力：每个token读最近的128个token。

            the indexer; 索引器
            What is the lightning indexer? | What does the indexer do? | Explain the indexer.
            The lightning indexer chooses which compressed entries a token reads.
            索引器是什么？ | 索引器做什么？ | 解释一下索引器。
            索引器选择一个token要读哪些压缩项。

            the compressor; 压缩器
            What is the compressor? | What does the compressor do? | Explain the compressor.
            The compressor pools some tokens into one entry of the cache.
            压缩器是什么？ | 压缩器做什么？ | 解释一下压缩器。
            压缩器把几个token合成缓存里的一项。

            the attention sink; 注意力汇
            What is the attention sink? | What does the sink do? | Explain the attention sink.
            The attention sink lets a head look at nothing.
            注意力汇是什么？ | 注意力汇做什么？ | 解释一下注意力汇。
            注意力汇让一个头可以什么都不看。

            experts; 专家
            What is a mixture of experts? | What are experts? | Explain the experts. | What is MoE?
            Each token uses only a few of many small networks, the experts.
            专家是什么？ | 混合专家是什么？ | MoE是什么？
            每个token只用许多小网络中的几个，它们叫专家。

            hash routing; 哈希路由
            What is hash routing? | How does hash routing work? | Explain hash routing.
            In the first blocks a table gives the experts of each token.
            哈希路由是什么？ | 哈希路由怎么工作？ | 解释一下哈希路由。
            在最前面的块里，一张表给出每个token的专家。

            the shared expert; 共享专家
            What is the shared expert? | What does the shared expert do? | Explain the shared expert.
            The shared expert is used by every token.
            共享专家是什么？ | 共享专家做什么？ | 解释一下共享专家。
            共享专家是每个token都用的专家。

            DSML; DSML
            What is DSML? | What does DSML do? | Explain DSML. | How are tool calls written?
            DSML is the markup for the tool calls of V4.
            DSML是什么？ | DSML做什么？ | 工具调用怎么写？
            DSML是V4工具调用的标记。

            tools; 工具
            Can you use tools? | Can Hadal use tools? | How do tools work? | Do you know tool calls?
            Yes, a model may call the tools that you describe, and you send back the results.
            你能用工具吗？ | Hadal能用工具吗？ | 工具怎么用？
            能，模型可以调用你描述的工具，你把结果发回来。

            the tokenizer; 分词器
            What is a tokenizer? | What does the tokenizer do? | What is a token?
            The tokenizer cuts a text into tokens, small pieces with numbers.
            分词器是什么？ | 分词器做什么？ | token是什么？
            分词器把文本切成token，也就是有编号的小块。

            prefill; 预填充
            What is prefill? | What does prefill mean? | Explain prefill.
            Prefill is the reading of the prompt, many tokens at once.
            预填充是什么？ | 预填充是什么意思？ | 解释一下预填充。
            预填充是读提示，一次读很多token。

            decode; 解码
            What is decode? | What does decode mean? | Explain decode.
            Decode is the writing of the answer, one token at a time.
            解码是什么？ | 解码是什么意思？ | 解释一下解码。
            解码是写回答，一次写一个token。

            the cache; 缓存
            What is the key-value cache? | What is in the cache? | Explain the cache.
            The cache holds what the model remembers of the text.
            缓存是什么？ | 缓存里有什么？ | 解释一下缓存。
            缓存保存模型记住的文本。

            forks; 分叉
            What is a fork? | Can I fork a text? | What does fork do?
            A fork is a copy of a running text that goes its own way.
            分叉是什么？ | 能分叉吗？ | 分叉做什么？
            分叉是正在写的文本的一个副本，它走自己的路。

            backends; 后端
            What is a backend? | Which backends are there? | What does a backend do?
            A backend computes the operations. There are `cpu` and `reference`.
            后端是什么？ | 有哪些后端？ | 后端做什么？
            后端计算各种操作。有`cpu`和`reference`。
            """;

    private HadalModels() {}
}
