package ai.hadal.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.Message;
import ai.hadal.train.nano.ChineseWords;
import ai.hadal.train.nano.Episode;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurriculumTextsTest {

    @Test
    void everyTaskComesInEveryMode() {
        EpisodeMaker maker = (task, mode, seed, index) -> new Episode(
                "",
                mode,
                List.of(
                        new Message.User(task + " " + seed + " " + index),
                        new Message.Assistant("\uE000x\uE001" + mode, "think", List.of())));
        var texts = CurriculumTexts.stream(List.of("a", "b"), maker, 9, 6).toList();
        assertThat(texts).hasSize(6);
        assertThat(texts.get(0)).contains("<｜User｜>a 9 0<｜Assistant｜></think>xNON_THINK");
        assertThat(texts.get(3)).contains("<｜User｜>b 9 3<｜Assistant｜><think>think</think>xHIGH");
        assertThat(texts.get(4)).contains("<｜User｜>a 9 4<｜Assistant｜><think>think</think>xMAX");
    }

    @Test
    void chineseWordsAreTakenApart() {
        assertThat(ChineseWords.apart("小华住在北京。a 红箱的号码是12。")).isEqualTo("小华0住在0北京。a 红0箱0的0号码0是12。");
        assertThat(ChineseWords.apart("no words")).isEqualTo("no words");
    }
}
