package ai.hadal.model;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Tensor;
import ai.hadal.tensor.Weight;
import org.jspecify.annotations.Nullable;

/// A checkpoint's tensors under their official names, whatever the file calls them.
interface WeightSource {

    /// Where a tensor is stored, or null when the checkpoint lacks it.
    @Nullable
    Stored find(String name);

    /// A matrix `[rows, cols]` in its stored format.
    ///
    /// @throws HadalException when it is missing, has another shape, a format that can't be multiplied with, or
    ///     lacks its scales
    Weight matrix(String name, int rows, int cols);

    /// A stored tensor and what of it belongs to a name.
    ///
    /// @param tensor the file's tensor
    /// @param bytes of the file that belong to the name, scales included
    record Stored(Tensor tensor, long bytes) {}

    /// The failure of a tensor that is needed and absent.
    HadalException missing(String name);

    /// A complaint about a tensor that is there.
    HadalException wrong(String name, String what);
}
