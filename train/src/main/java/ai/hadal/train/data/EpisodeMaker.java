package ai.hadal.train.data;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.train.nano.Curriculum;
import ai.hadal.train.nano.Episode;

/// Makes the episodes of a task, one for each index.
@FunctionalInterface
interface EpisodeMaker {

    /// The curriculum, without the questions of its exam.
    EpisodeMaker CURRICULUM = (task, mode, seed, index) -> Curriculum.episode(task, mode, false, seed, index);

    Episode make(String task, ThinkingMode mode, long seed, long index);
}
