package ai.hadal.train.data;

import ai.hadal.train.nano.Draw;

/// The numbers below `size` again and again, each time all of them in a new order.
final class Shuffle {

    private final long seed;
    private final int[] order;
    private long epoch = -1;

    Shuffle(long seed, int size) {
        this.seed = seed;
        order = new int[size];
    }

    int at(long index) {
        if (index / order.length != epoch) {
            epoch = index / order.length;
            shuffle();
        }
        return order[(int) (index % order.length)];
    }

    private void shuffle() {
        var draw = Draw.of(seed, epoch);
        for (int i = 0; i < order.length; i++) {
            int j = draw.integer(0, i);
            order[i] = order[j];
            order[j] = i;
        }
    }
}
