package ai.hadal.train.gradient;

import static ai.hadal.train.check.OpCases.EPS;
import static ai.hadal.train.check.OpCases.HYPER_ROWS;
import static ai.hadal.train.check.OpCases.SINKHORN;
import static ai.hadal.train.check.OpCases.STREAMS;
import static ai.hadal.train.check.OpCases.WIDTH;

import ai.hadal.train.check.GradientCheck;
import ai.hadal.train.check.OpCase;
import ai.hadal.train.check.OpCases;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Gradients of hyper-connections are those of their definition.
class HyperGradientTest {

    private static final int ROWS = HYPER_ROWS;

    @Test
    void beforeASublayer() {
        before("hyper pre", SINKHORN);
    }

    /// Many passes hide what one of them does.
    @Test
    void beforeASublayerWithFewPasses() {
        before("hyper pre of two iterations", 2);
    }

    private static void before(String name, int iterations) {
        var op = OpCases.of(name);
        var hc = connection(op, iterations);
        float[] dZ = new float[ROWS * STREAMS * WIDTH];
        HyperGradient.pre(
                hc,
                ROWS,
                op.input("streams"),
                products(op),
                op.outputGradient(0, ROWS * WIDTH),
                op.outputGradient(ROWS * WIDTH, ROWS * STREAMS),
                op.outputGradient(ROWS * (WIDTH + STREAMS), ROWS * STREAMS * STREAMS),
                dZ);
        check(op, hc, dZ);
    }

    @Test
    void ofTheHead() {
        var op = OpCases.of("hyper head");
        var hc = connection(op, SINKHORN);
        float[] dZ = new float[ROWS * STREAMS * WIDTH];
        HyperGradient.head(hc, ROWS, op.input("streams"), products(op), op.outputGradient(0, ROWS * WIDTH), dZ);
        check(op, hc, dZ);
    }

    @Test
    void afterASublayer() {
        var op = OpCases.of("hyper post");
        float[] dY = new float[ROWS * WIDTH];
        float[] dPost = new float[ROWS * STREAMS];
        float[] dComb = new float[ROWS * STREAMS * STREAMS];
        float[] dZ = new float[ROWS * STREAMS * WIDTH];
        HyperGradient.post(
                ROWS,
                STREAMS,
                WIDTH,
                op.input("y"),
                op.input("streams"),
                op.input("post"),
                op.input("comb"),
                op.outputGradient(0, ROWS * STREAMS * WIDTH),
                dY,
                dPost,
                dComb,
                dZ);
        GradientCheck.check(op, dY, dZ, dPost, dComb);
    }

    /// A connection whose gradients of fn, base and scale lie one after another.
    private static HyperGradient.Connection connection(OpCase op, int iterations) {
        float[] fn = op.input("fn");
        float[] base = op.input("base");
        float[] scale = op.input("scale");
        return new HyperGradient.Connection(
                STREAMS,
                WIDTH,
                iterations,
                (float) EPS,
                (float) EPS,
                fn,
                0,
                base,
                scale,
                new float[fn.length + base.length + scale.length],
                0,
                fn.length,
                fn.length + base.length);
    }

    private static void check(OpCase op, HyperGradient.Connection hc, float[] dZ) {
        float[] all = hc.gradients();
        GradientCheck.check(
                op,
                dZ,
                Arrays.copyOfRange(all, hc.dFn(), hc.dBase()),
                Arrays.copyOfRange(all, hc.dBase(), hc.dScale()),
                Arrays.copyOfRange(all, hc.dScale(), all.length));
    }

    /// `fn z` of each row.
    private static float[] products(OpCase op) {
        float[] z = op.input("streams");
        float[] fn = op.input("fn");
        int width = STREAMS * WIDTH;
        int n = fn.length / width;
        float[] products = new float[ROWS * n];
        for (int i = 0; i < products.length; i++) {
            products[i] = Vectors.dot(z, i / n * width, fn, i % n * width, width);
        }
        return products;
    }
}
