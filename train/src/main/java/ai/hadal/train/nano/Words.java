package ai.hadal.train.nano;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The words that questions about language are made of. Few and short on purpose: a small model learns how to find
/// and copy, not many words.
final class Words {

    static final List<String> ADJECTIVES = words("""
        red blue green yellow white black brown grey pink golden silver copper iron wooden glass stone paper plastic \
        old new big small long short tall round flat soft hard warm cold hot dry wet clean dark bright heavy light thin \
        thick deep wide narrow quiet loud fast slow strong weak sweet salty young early late lucky happy sad brave lazy""");

    static final List<String> NOUNS = words("""
        lamp box door boat car table chair clock cup bowl knife book pen coat shoe hat bag bed ball drum bottle lock key \
        ladder bucket bridge tower wall window bell basket candle mirror blanket pillow spoon plate rope wheel flag map \
        ring coin stamp letter camera guitar piano radio phone train bus truck plane garden kitchen tent tree flower \
        lantern""");

    static final List<String> ADJECTIVES_ZH = words("红 蓝 绿 黄 白 黑 大 小 新 旧 金 银 铜 铁 木 石 纸 布 冷 热 长 短 高 矮 圆 方 厚 薄 轻 重");

    static final List<String> NOUNS_ZH = words("灯 盒 门 船 车 桌 椅 钟 杯 碗 刀 书 笔 伞 鞋 帽 包 床 球 鼓 瓶 锁 梯 桶 桥 塔 墙 窗 琴 箱");

    static final List<String> NAMES = words("""
        Tom Anna Ben Lily Sam Mia Max Eva Leo Ella Jack Nora Paul Rosa Adam Lucy Noah Ida Finn Clara Hugo Jane Oscar \
        Mary Peter Julia David Emma Karl Sofia""");

    static final List<String> NAMES_ZH = words("小明 小红 小华 小丽 小刚 小文 小雨 小龙 王明 李华 张伟 陈静 刘洋 赵云 周杰 吴芳");

    static final List<Term> PETS =
            Term.list("Milo 米洛, Luna 露娜, Coco 可可, Rex 雷克斯, Bella 贝拉, Rocky 洛奇, Daisy 黛西, Toby 托比, Ruby 小宝, Max 豆豆");

    static final List<Term> COLOURS =
            Term.list("red 红色, blue 蓝色, green 绿色, yellow 黄色, white 白色, black 黑色, brown 棕色, grey 灰色, pink 粉色");

    static final List<Term> METALS = Term.list("golden 金色, silver 银色");

    /// Where a thing can be, with its preposition.
    static final List<Term> SPOTS = Term.list("""
        under the bed 床下, on the table 桌上, in the box 箱子里, behind the door 门后, on the roof 屋顶上, in the kitchen 厨房里, \
        in the garden 花园里, under the tree 树下, near the window 窗边, in the car 车里, on the shelf 架子上, \
        near the river 河边""");

    static final List<Term> THINGS = Term.list("""
        lamp 灯, box 盒子, boat 船, car 车, table 桌子, chair 椅子, clock 钟, cup 杯子, knife 刀, book 书, pen 笔, coat 大衣, \
        hat 帽子, bag 包, ball 球, drum 鼓, bottle 瓶子, key 钥匙, ladder 梯子, basket 篮子, mirror 镜子, flag 旗子, map 地图, \
        camera 相机, guitar 吉他, phone 电话""");

    static final List<Term> CITIES = Term.list("""
        Paris 巴黎, London 伦敦, Rome 罗马, Berlin 柏林, Madrid 马德里, Cairo 开罗, Tokyo 东京, Beijing 北京, Shanghai 上海, \
        Moscow 莫斯科, Lima 利马, Oslo 奥斯陆, Vienna 维也纳, Athens 雅典, Delhi 德里, Sydney 悉尼, Hanoi 河内, Lisbon 里斯本, \
        Seoul 首尔, Prague 布拉格""");

    static final List<Term> FOODS = Term.list("""
        tea 茶, milk 牛奶, bread 面包, rice 米饭, soup 汤, cheese 奶酪, cake 蛋糕, coffee 咖啡, fish 鱼, meat 肉, honey 蜂蜜, \
        salt 盐, sugar 糖, butter 黄油, water 水, juice 果汁""");

    static final List<Term> ANIMALS = Term.list("""
        cat 猫, dog 狗, fox 狐狸, wolf 狼, bear 熊, bird 鸟, horse 马, cow 牛, sheep 羊, pig 猪, duck 鸭子, hen 母鸡, mouse 老鼠, \
        rabbit 兔子, lion 狮子, tiger 老虎, monkey 猴子, frog 青蛙, snake 蛇, bee 蜜蜂, goat 山羊, owl 猫头鹰, deer 鹿, \
        turtle 乌龟""");

    static final List<Term> PLACES = Term.list("""
        river 河边, forest 森林, garden 花园, house 房子, market 市场, school 学校, park 公园, hill 山上, lake 湖边, beach 海边, \
        village 村子, farm 农场, station 车站, shop 商店, bridge 桥边, tower 塔楼, field 田里, harbour 港口""");

    static final List<Term> JOBS = Term.list("""
        teacher 老师, doctor 医生, farmer 农民, baker 面包师, driver 司机, nurse 护士, cook 厨师, singer 歌手, painter 画家, \
        writer 作家, pilot 飞行员, sailor 水手""");

    /// Words that serve as secret words, one or two tokens each.
    static final List<Term> SECRETS = Term.list("""
        river 河, apple 苹果, moon 月亮, star 星星, cloud 云, rain 雨, snow 雪, wind 风, fire 火, gold 黄金, lemon 柠檬, \
        tiger 老虎, eagle 老鹰, ocean 大海, mountain 高山, island 小岛, winter 冬天, summer 夏天, music 音乐, bread 面包, honey 蜂蜜, \
        horse 马, forest 森林, sugar 糖""");

    /// Chinese words of questions and reasoning that are not in the other lists.
    private static final List<String> COMMON_ZH = words("""
        什么 哪里 多少 几岁 今年 颜色 号码 暗号 主人 上司 城市 价格 重量 时间 天气 现在 文件 内容 问题 结果 答案 检查 一样 没有 \
        别的 这里 说的 调用 需要 工具 不能 一共 大约 数字 数量 用户 告诉 故事 回答 最后 更正 所以 喜欢 住在 怎么 可以 我们 他们 \
        朋友 星期 早上 晚上 中午 夜里 昨天 今天 明天 首都 反义 之后 是的 好的 不是 因为 如果 计算 等于 上限 端口 主机 大小 总数 \
        模型 内置 参数 训练 命令 运行 中文 英语 下一 排列 排序 字母 单词 元素 最大 最小 平均 分钟 小时 公里 厘米 千克 一个 一只""");

    /// Every Chinese word of the curriculum: what a vocabulary should hold whole, and never join with its neighbours.
    static final Set<String> CHINESE = chinese();

    private Words() {}

    private static Set<String> chinese() {
        var all = new HashSet<>(COMMON_ZH);
        all.addAll(NAMES_ZH);
        Stream.of(PETS, COLOURS, METALS, SPOTS, THINGS, CITIES, FOODS, ANIMALS, PLACES, JOBS, SECRETS)
                .flatMap(List::stream)
                .forEach(term -> all.add(term.zh()));
        return Set.copyOf(all);
    }

    static List<String> words(String text) {
        return List.of(text.strip().split("\\s+", -1));
    }

    static List<String> names(boolean chinese) {
        return chinese ? NAMES_ZH : NAMES;
    }

    /// A noun with "a" or "an".
    static String a(String noun) {
        return ("aeio".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
    }

    /// The text with a capital at its start.
    static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
