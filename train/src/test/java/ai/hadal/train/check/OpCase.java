package ai.hadal.train.check;

import java.util.function.Function;

/// An operation at a random point, with a scalar objective: its outputs times random weights.
///
/// @param name of the operation
/// @param names of its inputs
/// @param inputs row major; every value is a float
/// @param op all its outputs, one after another, from inputs like these
/// @param outputGradient the weights: the objective's gradient by the outputs
public record OpCase(
        String name, String[] names, double[][] inputs, Function<double[][], double[]> op, double[] outputGradient) {

    static OpCase of(String name, Numbers numbers, String names, Function<double[][], double[]> op, double[]... x) {
        int outputs = op.apply(x).length;
        return new OpCase(name, names.split(" "), x, op, numbers.doubles(outputs, 0, 1));
    }

    public double objective(double[][] x) {
        return DoubleOps.dot(op.apply(x), 0, outputGradient, 0, outputGradient.length);
    }

    /// The input of a name.
    public float[] input(String input) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(input)) {
                return Numbers.narrowed(inputs[i]);
            }
        }
        throw new IllegalArgumentException(name + " has no input " + input);
    }

    /// The outputs in float.
    public float[] outputs() {
        return Numbers.narrowed(op.apply(inputs));
    }

    /// The objective's gradient by outputs `from .. from+n-1`, in float.
    public float[] outputGradient(int from, int n) {
        float[] part = new float[n];
        for (int i = 0; i < n; i++) {
            part[i] = (float) outputGradient[from + i];
        }
        return part;
    }

    @Override
    public String toString() {
        return name;
    }
}
