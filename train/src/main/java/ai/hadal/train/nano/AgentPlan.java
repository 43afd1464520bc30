package ai.hadal.train.nano;

import java.util.List;

/// A question that takes several calls, one after the other.
///
/// @param conclusion reasoning that leads from the last result to the answer
record AgentPlan(String question, List<Step> steps, String conclusion, String answer, boolean chinese) {}
