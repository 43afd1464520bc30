package ai.hadal.train.nano;

import java.util.List;

/// First names, few enough that a small vocabulary holds each as one piece.
final class Names {

    static final List<String> ENGLISH = List.of(
            "Adam", "Alice", "Anna", "Ben", "Bob", "Carl", "Clara", "Dan", "David", "Ella", "Emma", "Eric", "Eva",
            "Fred", "Grace", "Hana", "Henry", "Ida", "Jack", "James", "Jane", "John", "Kate", "Leo", "Lily", "Lucy",
            "Maria", "Mark", "Mary", "Max", "Mia", "Nina", "Noah", "Oscar", "Paul", "Peter", "Rosa", "Sam", "Tom",
            "Vera");

    static final List<String> CHINESE = List.of(
            "小明", "小红", "小华", "小丽", "小刚", "小芳", "小强", "小美", "小龙", "小雪", "小军", "小梅", "小林", "小玉", "小东", "小云", "小海", "小兰",
            "小山", "小月", "小星", "小雨", "小文", "小燕", "小虎", "小花", "小宝", "小青", "小春", "小秋", "小冬", "小石", "小天", "小光", "小亮", "小安",
            "小平", "小乐", "小英", "小方");

    private Names() {}

    static List<String> of(Language language) {
        return language == Language.ENGLISH ? ENGLISH : CHINESE;
    }
}
