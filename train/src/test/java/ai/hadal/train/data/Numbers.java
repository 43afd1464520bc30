package ai.hadal.train.data;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A source whose documents hold their source's name and their index, and have lengths that vary with it.
record Numbers(int name, int longest) implements DataSource {

    @Override
    public List<Document> documents(long index, int mostTokens) {
        var ids = new int[2 + (int) (index * 7 % (longest - 1))];
        ids[0] = name;
        ids[1] = (int) index;
        var learnt = new boolean[ids.length];
        learnt[1] = true;
        return ids.length > mostTokens ? List.of() : List.of(new Document(ids, learnt));
    }

    /// The next packs, each as the pairs of name and index of its documents.
    static List<List<String>> packs(PackSource packs, int count) {
        var result = new ArrayList<List<String>>();
        IntStream.range(0, count)
                .forEach(_ -> result.add(packs.nextPack().stream()
                        .map(document -> document.ids()[0] + ":" + document.ids()[1])
                        .toList()));
        return result;
    }
}
