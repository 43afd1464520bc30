/// The library's front door: conversations with a model. It joins the chat protocol (text and messages) and the engine
/// (token ids), which do not know each other.
///
/// ```java
/// try (var engine = Engine.open(Path.of("checkpoint"))) {
///     var conversation = new Conversation(engine);
///     conversation.setSystemPrompt("Answer in one sentence.");
///     conversation.reply("Why is the sky blue?", ReplyOptions.defaults(), ReplyListener.text(System.out::print));
/// }
/// ```
@NullMarked
package ai.hadal;

import org.jspecify.annotations.NullMarked;
