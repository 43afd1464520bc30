package ai.hadal.train.model;

import java.util.function.DoubleSupplier;

/// Orthonormal directions of the residual stream by which the first blocks' attention begins to tell apart what a
/// token is and what stood before it.
///
/// Direction 0 is what all tokens have in common. The others fall into groups of equal size, and a shift moves each
/// direction to the next of its group: what stood n tokens before is written shifted n times.
final class Coordinates {

    private final double[][] directions;
    private final int groups;

    /// @param common a vector along which direction 0 lies
    /// @param random fills the other directions, before they are made orthogonal
    Coordinates(float[] common, int groups, DoubleSupplier random) {
        int dim = common.length;
        this.groups = groups;
        directions = new double[dim][dim];
        for (int i = 0; i < dim; i++) {
            double[] own = directions[i];
            for (int k = 0; k < dim; k++) {
                own[k] = i == 0 ? common[k] : random.getAsDouble();
            }
            // Twice, as once leaves the rounding of the projections behind.
            for (int pass = 0; pass < 2; pass++) {
                for (int j = 0; j < i; j++) {
                    double along = dot(own, directions[j]);
                    for (int k = 0; k < dim; k++) {
                        own[k] -= along * directions[j][k];
                    }
                }
            }
            double size = Math.sqrt(dot(own, own));
            for (int k = 0; k < dim; k++) {
                own[k] /= size;
            }
        }
    }

    /// Directions of one group.
    int perGroup() {
        return (directions.length - 1) / groups;
    }

    /// Directions of all groups together, numbered from 1.
    int grouped() {
        return groups * perGroup();
    }

    /// The number of a direction within its group, `r` any number.
    int of(int group, int r) {
        return 1 + group * perGroup() + Math.floorMod(r, perGroup());
    }

    /// The direction that a shift moves to this one.
    int before(int direction) {
        return of((direction - 1) / perGroup(), (direction - 1) % perGroup() - 1);
    }

    double[] direction(int i) {
        return directions[i];
    }

    /// Makes a row of a matrix read a direction of its input.
    void read(float[] values, Parameter matrix, int row, int direction) {
        int at = matrix.offset() + row * matrix.cols();
        for (int c = 0; c < matrix.cols(); c++) {
            values[at + c] = (float) directions[direction][c];
        }
    }

    /// Makes a column of a matrix write along a direction of its output.
    void write(float[] values, Parameter matrix, int column, int direction, double size) {
        for (int r = 0; r < matrix.rows(); r++) {
            values[matrix.offset() + r * matrix.cols() + column] = (float) (size * directions[direction][r]);
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }
}
