package ai.hadal.train.nano;

import java.util.List;

/// The stories of the curriculum. Slots: `$A` and `$B` are names, `$a` and `$b` what animals they are, `$p` and `$q`
/// places, `$c` a colour, `$t` a thing, `$f` a food, `$w` a time.
final class Plots {

    static final List<Plot> ENGLISH = Plot.list("""
        $A the $a lived near the $p. | Where did $A live? | near the $p
        $A had a $c $t. | What did $A have? | a $c $t
        $w $A lost the $t. | What did $A lose? | the $t | Who lost the $t? | $A | When did $A lose the $t? | $w
        $A was sad. | Why was $A sad? | $A lost the $t.
        ~$A looked for it near the $q. | Where did $A look for the $t? | near the $q
        Then $B the $b came and helped. | Who helped $A? | $B
        $B found the $t under a tree. | Where was the $t? | under a tree | Who found the $t? | $B
        ~$A gave $B some $f. | What did $A give to $B? | some $f
        In the end they were friends. | How did it end? | They were friends.

        $w $A the $a was hungry. | Who was hungry? | $A | When was $A hungry? | $w
        $A went to the $p. | Where did $A go? | to the $p | Why did $A go to the $p? | $A was hungry.
        There $A met $B the $b. | Whom did $A meet? | $B
        $B had some $f. | What did $B have? | some $f
        $A asked for a piece.
        $B gave half of it to $A. | Who gave half of the $f away? | $B
        ~Then it began to rain.
        ~They went to the $q together. | Where did they go together? | to the $q
        In the end both were happy. | How did it end? | Both were happy.

        $A the $a and $B the $b had a race.
        The race began near the $p. | Where did the race begin? | near the $p
        ~It was $w. | When was the race? | $w
        $A was fast at first. | Who was fast at first? | $A
        Then $A stopped to eat some $f. | What did $A eat? | some $f | Why did $A lose? | $A stopped to eat some $f.
        $B did not stop. | Who did not stop? | $B
        $B came to the $q first. | Who won the race? | $B | Where did the race end? | at the $q
        ~$B got a $c $t. | What did $B get? | a $c $t
        In the end $A was sad. | How did $A feel in the end? | sad | How did it end? | $A was sad.

        It was the birthday of $A the $a. | Whose birthday was it? | $A
        $B the $b wanted to bring a gift. | Who wanted to bring a gift? | $B
        $w $B went to the $p. | Where did $B go? | to the $p | When did $B go to the $p? | $w
        There $B bought a $c $t. | What did $B buy? | a $c $t
        ~On the way $B fell near the $q. | Where did $B fall? | near the $q
        ~The $t broke, but $B mended it. | Who mended the $t? | $B
        $A liked the gift. | Who liked the gift? | $A
        In the end they ate $f together. | What did they eat? | $f | How did it end? | They ate $f together.

        $A the $a was alone near the $p. | Where was $A? | near the $p | Who was alone? | $A
        $w there was a noise. | When was there a noise? | $w
        $A was afraid. | Who was afraid? | $A | Why was $A afraid? | There was a noise.
        $A took a $c $t and went out. | What did $A take? | a $c $t
        It was $B the $b. | Who made the noise? | $B
        ~$B was cold. | Who was cold? | $B
        $A made $f for $B. | What did $A make for $B? | $f
        In the end nobody was afraid. | How did it end? | Nobody was afraid.

        $A the $a built a boat. | Who built a boat? | $A
        $A wanted to see the $q. | What did $A want to see? | the $q | Why did $A build a boat? | $A wanted to see the $q.
        $B the $b came too. | Who came too? | $B
        $w the wind was strong. | When was the wind strong? | $w
        ~$A held on to a $t. | What did $A hold on to? | a $t
        They reached the $p. | Where did they land? | at the $p
        There they found some $f. | What did they find? | some $f
        In the end they slept under the stars. | How did it end? | They slept under the stars.
        """);

    static final List<Plot> CHINESE = Plot.list("""
        $a$A住在$p。 | $A住在哪里？ | $p
        $A有一个$c的$t。 | $A有什么？ | $c的$t
        $w，$A丢了$t。 | $A丢了什么？ | $t | 谁丢了$t？ | $A | $A什么时候丢了$t？ | $w
        $A很难过。 | $A为什么难过？ | 因为$A丢了$t。
        ~$A去$q找。 | $A去哪里找$t？ | $q
        $b$B来帮忙。 | 谁来帮忙？ | $B
        $B在树下找到了$t。 | $t在哪里？ | 树下 | 谁找到了$t？ | $B
        ~$A给了$B一些$f。 | $A给了$B什么？ | $f
        最后他们成了朋友。 | 最后怎么样了？ | 他们成了朋友。

        $w，$a$A饿了。 | 谁饿了？ | $A | $A什么时候饿了？ | $w
        $A去了$p。 | $A去了哪里？ | $p | $A为什么去$p？ | 因为$A饿了。
        $A遇见了$b$B。 | $A遇见了谁？ | $B
        $B有一些$f。 | $B有什么？ | $f
        $B分给$A一半。 | 谁分了一半？ | $B
        ~后来下雨了。
        ~他们一起去了$q。 | 他们一起去了哪里？ | $q
        最后他们都很高兴。 | 最后怎么样了？ | 他们都很高兴。

        $a$A和$b$B比赛跑步。
        比赛从$p开始。 | 比赛从哪里开始？ | $p
        开始的时候$A很快。 | 开始的时候谁很快？ | $A
        后来$A停下来吃$f。 | $A吃了什么？ | $f | $A为什么输了？ | 因为$A停下来吃$f。
        $B没有停。 | 谁没有停？ | $B
        $B先到了$q。 | 谁赢了？ | $B | 比赛到哪里结束？ | $q
        ~$B得到一个$c的$t。 | $B得到什么？ | $c的$t
        最后$A很难过。 | 最后怎么样了？ | $A很难过。

        今天是$a$A的生日。 | 今天是谁的生日？ | $A
        $b$B想送礼物。 | 谁想送礼物？ | $B
        $w，$B去了$p。 | $B去了哪里？ | $p | $B什么时候去了$p？ | $w
        $B买了一个$c的$t。 | $B买了什么？ | $c的$t
        ~$B在$q摔倒了。 | $B在哪里摔倒了？ | $q
        $A很喜欢这个礼物。 | 谁喜欢这个礼物？ | $A
        最后他们一起吃$f。 | 他们一起吃什么？ | $f | 最后怎么样了？ | 他们一起吃$f。

        $a$A一个人在$p。 | $A在哪里？ | $p | 谁一个人？ | $A
        $w有声音。 | 什么时候有声音？ | $w
        $A很害怕。 | 谁害怕？ | $A | $A为什么害怕？ | 因为有声音。
        $A拿着$c的$t出去看。 | $A拿着什么？ | $c的$t
        原来是$b$B。 | 原来是谁？ | $B
        $A给$B做了$f。 | $A给$B做了什么？ | $f
        最后谁都不怕了。 | 最后怎么样了？ | 谁都不怕了。
        """);

    private Plots() {}
}
