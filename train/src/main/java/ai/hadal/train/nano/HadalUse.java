package ai.hadal.train.nano;

/// How Hadal is used. The form is that of [Answer#parse].
final class HadalUse {

    static final String SHEET = """
            how to start; 怎么开始
            How do I start? | How do I start Hadal? | What is the first step? | How do I begin?
            Type `./hadal chat` in the folder of Hadal.
            怎么开始？ | 怎么启动Hadal？ | 第一步是什么？
            在Hadal的文件夹里输入`./hadal chat`。

            the first start
            Why is the first start slow? | What happens at the first start? | How do I build Hadal?
            The first start builds Hadal with Maven.

            how to chat; 怎么聊天
            How do I chat? | How do I chat with a model? | Which command starts a conversation? | How can I talk to a model?
            Use `hadal chat MODEL`.
            怎么聊天？ | 怎么和模型聊天？ | 哪个命令开始对话？
            用`hadal chat MODEL`。

            one answer; 一个回答
            How do I get one answer? | How do I ask one question? | Which command gives one answer? | How do I run a prompt?
            Use `hadal run MODEL "question"`.
            怎么得到一个回答？ | 怎么只问一个问题？ | 哪个命令给一个回答？
            用`hadal run MODEL "问题"`。

            running V4-Flash; 运行V4-Flash
            How do I run V4-Flash? | How do I use V4-Flash? | How can I start V4-Flash? | How do I run a real model?
            Put the official files into a folder and use `hadal chat FOLDER`.
            怎么运行V4-Flash？ | 怎么用V4-Flash？ | 怎么运行真正的模型？
            把官方文件放进一个文件夹，然后用`hadal chat FOLDER`。

            the speed; 速度
            Which command shows the speed? | How do I measure the speed? | How fast is my model? | How do I run a benchmark?
            Use `hadal bench MODEL`.
            哪个命令看速度？ | 怎么测速度？ | 我的模型有多快？
            用`hadal bench MODEL`。

            inspecting a model
            How do I inspect a model? | Does my model fit in memory? | What is wrong with my model? | Which command checks a model?
            Use `hadal inspect MODEL`. It shows what it is, whether it fits and what is wrong.

            tokens of a text; 文本的token
            How do I count tokens? | Which command shows token ids? | How do I tokenize a text? | How do I see the tokens?
            Use `hadal tokenize -m MODEL "text"`.
            怎么数token？ | 哪个命令看token？ | 怎么看文本的token？
            用`hadal tokenize -m MODEL "文本"`。

            continuing ids
            How do I generate from ids? | Which command continues token ids? | How do I get log probabilities?
            Use `hadal generate MODEL --ids 0,17,4`.

            logits
            How do I get logits? | Which command writes logits? | How do I compare logits?
            Use `hadal logits MODEL --ids 0,17,4 --out FILE`.

            prompts
            How do I see the prompt? | Which command prints the encoded prompt? | How do I encode messages?
            Use `hadal encode --jsonl`.

            help; 帮助
            How do I get help? | Where are the options explained? | How do I see all options? | I need help with a command.
            Use `hadal COMMAND --help`.
            怎么得到帮助？ | 选项在哪里说明？ | 怎么看所有选项？
            用`hadal COMMAND --help`。

            JSON output; JSON输出
            How do I get JSON? | Can Hadal print JSON? | Which option prints JSON?
            Add `--json` to the command.
            怎么得到JSON？ | Hadal能输出JSON吗？ | 哪个选项输出JSON？
            在命令后面加`--json`。

            the modes; 模式
            Which modes are there? | What are the thinking modes? | How many modes are there? | What are the modes?
            There are three modes: non-think, high and max.
            有哪些模式？ | 思考模式有哪些？ | 有几个模式？
            有三个模式：non-think，high和max。

            setting the mode; 设置模式
            How do I set the mode? | How do I make you think? | How do I turn thinking on? | How do I change the mode?
            Use `--mode high`, or `/mode high` in a chat.
            怎么设置模式？ | 怎么让你思考？ | 怎么打开思考？
            用`--mode high`，在聊天里用`/mode high`。

            non-think; non-think
            What is non-think? | What does the mode non-think do? | Which mode is the default?
            In the mode non-think the model answers at once. It is the default.
            non-think是什么？ | non-think模式做什么？ | 默认是哪个模式？
            non-think模式直接回答，它是默认的。

            the mode high; high模式
            What is the mode high? | What does high mean? | What does think high do?
            In the mode high the model thinks a little before it answers.
            high模式是什么？ | high是什么意思？ | high模式做什么？
            high模式先想一下再回答。

            the mode max; max模式
            What is the mode max? | What does max mean? | What does think max do?
            In the mode max the model thinks as carefully as it can and checks its answer.
            max模式是什么？ | max是什么意思？ | max模式做什么？
            max模式想得最仔细，还会检查答案。

            chat commands; 聊天命令
            Which commands are there in a chat? | How do I see the chat commands? | What can I type in a chat?
            Type `/help` in a chat to see all commands.
            聊天里有哪些命令？ | 怎么看聊天命令？ | 聊天里可以输入什么？
            在聊天里输入`/help`。

            saving a chat; 保存聊天
            How do I save a chat? | How do I save a conversation? | Can I keep this chat?
            Type `/save FILE` in the chat.
            怎么保存聊天？ | 怎么保存对话？ | 我能保存这次聊天吗？
            在聊天里输入`/save FILE`。

            loading a chat; 打开聊天
            How do I load a chat? | How do I go on with a saved conversation? | How do I open an old chat?
            Type `/load FILE` in the chat.
            怎么打开聊天？ | 怎么继续保存的对话？ | 怎么打开以前的聊天？
            在聊天里输入`/load FILE`。

            taking back
            How do I take back a message? | How do I undo? | Can I undo my last message?
            Type `/undo` in the chat.

            a new answer; 新的回答
            How do I get a new answer? | How do I try again? | Can you answer again?
            Type `/retry` in the chat.
            怎么得到新的回答？ | 怎么再试一次？ | 能再回答一次吗？
            在聊天里输入`/retry`。

            clearing the chat
            How do I clear the chat? | How do I start a new conversation? | How do you forget this chat?
            Type `/clear` in the chat.

            leaving; 离开
            How do I leave the chat? | How do I exit? | How do I quit? | How do I stop Hadal?
            Type `/exit` or press Ctrl-D.
            怎么离开聊天？ | 怎么退出？ | 怎么停止Hadal？
            输入`/exit`或按Ctrl-D。

            standing instructions
            How do I set a system prompt? | How do I give standing instructions? | Which option sets the system prompt?
            Use `--system "text"`, or `/system TEXT` in a chat.

            threads; 线程
            How do I set the threads? | Which option sets the number of threads? | How many threads are used?
            Use `--threads N`.
            怎么设置线程？ | 哪个选项设置线程数？ | 怎么改变线程数？
            用`--threads N`。

            the context length; 上下文长度
            How do I set the context length? | Which option sets the context? | How long can the text be?
            Use `--ctx-size N`.
            怎么设置上下文长度？ | 哪个选项设置上下文？ | 文本可以多长？
            用`--ctx-size N`。

            greedy choice
            How do I get the most likely token? | Which option takes no chances? | How do I turn sampling off?
            Use `--greedy`.

            the heap
            How do I give Java more memory? | How do I set the heap? | The heap is too small, what now?
            Set `HADAL_JAVA_OPTS=-Xmx20g`.

            the library
            How do I use Hadal in Java? | Is there a Java library? | How do I call Hadal from my program?
            Open an `Engine` and ask a `Conversation`.

            the tests
            How do I run the tests? | How do I check Hadal? | Which command builds and tests everything?
            Use `mvn -B -ntp verify`.
            """;

    private HadalUse() {}
}
