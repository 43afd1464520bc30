package ai.hadal.model;

/// The parts a model's size is told by. An MTP block is a part of its own, whatever it consists of.
public enum ModelPart {
    EMBEDDING("embedding"),
    ATTENTION("attention"),
    COMPRESSORS("compressors"),
    INDEXER("indexer"),
    ROUTER("router"),
    ROUTED_EXPERTS("routed experts"),
    SHARED_EXPERTS("shared experts"),
    HYPER_CONNECTIONS("mHC"),
    NORMS("norms"),
    HEAD("head"),
    MTP("MTP");

    private final String label;

    ModelPart(String label) {
        this.label = label;
    }

    /// The part's name for people.
    public String label() {
        return label;
    }
}
