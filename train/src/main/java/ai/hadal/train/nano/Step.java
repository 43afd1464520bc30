package ai.hadal.train.nano;

/// One call of a tool, and what the reasoning around it says.
///
/// @param value the argument
/// @param near a wrong argument that could be taken for the right one
/// @param source where the argument comes from, such as `the question says tea`
/// @param result what the tool returns
record Step(ToolBox tool, String value, String near, String source, String result) {

    /// A step whose argument stands in the question.
    static Step asked(ToolBox tool, String value, String near, String result, boolean chinese) {
        return new Step(tool, value, near, (chinese ? "问题说的是" : "the question says ") + value, result);
    }

    /// A step whose argument is the result before it, or made from it.
    static Step found(ToolBox tool, String value, String near, String before, String result, boolean chinese) {
        return new Step(tool, value, near, (chinese ? "结果是" : "the result says ") + before, result);
    }

    Call call() {
        return tool.with(value);
    }

    /// Reasoning that decides on the call.
    Thought decide(boolean slips, boolean chinese) {
        String with = chinese ? "调用" + tool.called() + "：" : "I call " + tool.called() + " with ";
        String end = chinese ? "。" : ".";
        String check = chinese ? "检查：" + source + "，" : " Check: " + source + ". ";
        String right = with + value + end;
        return new Thought(
                right,
                slips
                        ? with.strip()
                                + Script.mistake((chinese ? "" : " ") + near)
                                + end
                                + check
                                + (chinese ? "不一样。" : "Not the same. ")
                                + right
                        : right + check + (chinese ? "一样。" : "The same."));
    }

    /// Reasoning that reads the result.
    Thought read(boolean chinese) {
        return chinese
                ? new Thought(
                        "结果是" + result + "。",
                        "结果是" + result + "。我查的是" + value + "。检查：" + source + "，一样。所以是" + result + "。")
                : new Thought(
                        "The result is " + result + ".",
                        "The result is " + result + ". I asked for " + value + ". Check: " + source
                                + ". The same. So it is " + result + ".");
    }
}
