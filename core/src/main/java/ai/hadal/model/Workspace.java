package ai.hadal.model;

import ai.hadal.backend.Activations;
import ai.hadal.backend.Backend;
import java.util.HashMap;
import java.util.Map;

/// The activations of a step, kept from step to step so that decoding allocates none.
final class Workspace {

    private final Backend ops;
    private final Map<Integer, Activations> values = new HashMap<>();
    private final Map<Integer, Activations> gates = new HashMap<>();

    /// Residual streams `[R, S*D]`, and where hc-post writes the next ones.
    Activations streams;

    Activations nextStreams;

    final Activations embedded;
    final Activations u;
    final Activations y;
    final Activations post;
    final Activations comb;
    final Activations qr;
    final Activations q;
    final Activations kv;
    final Activations attended;
    final Activations grouped;
    final Activations indexQ;
    final Activations indexWeights;
    final Activations gateLogits;
    final Activations headStreams;
    final Activations head;
    final Activations logits;

    Workspace(Backend ops, ModelConfig c) {
        this.ops = ops;
        int streamWidth = c.hcMult() * c.hiddenSize();
        streams = ops.activations(streamWidth);
        nextStreams = ops.activations(streamWidth);
        embedded = ops.activations(c.hiddenSize());
        u = ops.activations(c.hiddenSize());
        y = ops.activations(c.hiddenSize());
        post = ops.activations(c.hcMult());
        comb = ops.activations(c.hcMult() * c.hcMult());
        qr = ops.activations(c.qLoraRank());
        q = ops.activations(c.heads() * c.headDim());
        kv = ops.activations(c.headDim());
        attended = ops.activations(c.heads() * c.headDim());
        grouped = ops.activations(c.oGroups() * c.oLoraRank());
        indexQ = ops.activations(c.indexHeads() * c.indexHeadDim());
        indexWeights = ops.activations(c.indexHeads());
        gateLogits = ops.activations(c.experts());
        headStreams = ops.activations(streamWidth);
        head = ops.activations(c.hiddenSize());
        logits = ops.activations(c.vocabSize());
    }

    void swapStreams() {
        var old = streams;
        streams = nextStreams;
        nextStreams = old;
    }

    /// Value rows of a compressor whose rows are this wide.
    Activations values(int width) {
        return values.computeIfAbsent(width, ops::activations);
    }

    /// Gate rows of a compressor whose rows are this wide.
    Activations gates(int width) {
        return gates.computeIfAbsent(width, ops::activations);
    }
}
