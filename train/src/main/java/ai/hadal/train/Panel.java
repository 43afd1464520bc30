package ai.hadal.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One plot of a picture as SVG text: a frame with two axes, lines and bands in it, a title and a legend above.
final class Panel {

    /// The colour of text and grid, legible on white and on black.
    static final String GREY = "#7d8590";

    private static final int LEFT = 58;
    private static final int RIGHT = 14;
    private static final int TOP = 30;
    private static final int BOTTOM = 24;
    /// Width of a small letter at the size of the labels, roughly.
    private static final double LETTER = 6.3;

    private final String title;
    private final Axis x;
    private final Axis y;
    private final double left;
    private final double top;
    private final double width;
    private final double height;
    private final double headroom;
    private final StringBuilder marks = new StringBuilder();
    private final StringBuilder lines = new StringBuilder();
    private final List<String[]> legend = new ArrayList<>();

    /// A panel whose outer edge lies at a place of the picture, in its pixels.
    Panel(String title, Axis x, Axis y, double left, double top, double width, double height) {
        this(title, x, y, left, top, width, height, 0);
    }

    /// A panel with room for words above its data.
    Panel(String title, Axis x, Axis y, double left, double top, double width, double height, double headroom) {
        this.title = title;
        this.x = x;
        this.y = y;
        this.left = left + LEFT;
        this.top = top + TOP;
        this.width = width - LEFT - RIGHT;
        this.height = height - TOP - BOTTOM;
        this.headroom = headroom;
    }

    /// Names a colour above the frame.
    Panel legend(String name, String colour) {
        legend.add(new String[] {name, colour});
        return this;
    }

    /// A line through points; what is not a number interrupts it.
    Panel line(double[] xs, double[] ys, String colour, double stroke, double opacity) {
        lines.append(format(
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" stroke-opacity=\"%s\"/>%n",
                path(xs, ys), colour, number(stroke), format("%.2f", opacity)));
        return this;
    }

    /// The area between two lines.
    Panel band(double[] xs, double[] low, double[] high, String colour) {
        var points = new StringBuilder();
        int n = xs.length;
        int stride = Math.max(1, (int) (n / width));
        for (int i = 0; i < n; i += stride) {
            points.append(point(xs[i], high[i]));
        }
        for (int i = (n - 1) / stride * stride; i >= 0; i -= stride) {
            points.append(point(xs[i], low[i]));
        }
        lines.append(format("<polygon points=\"%s\" fill=\"%s\" fill-opacity=\"0.25\"/>%n", points, colour));
        return this;
    }

    /// A dashed line from top to bottom.
    Panel upright(double at, String colour) {
        marks.append(format(
                "<path d=\"M%s %sV%s\" stroke=\"%s\" stroke-dasharray=\"3 3\" stroke-opacity=\"0.8\"/>%n",
                number(across(at)), number(top), number(top + height), colour));
        return this;
    }

    /// Words at the top of a stretch of the horizontal axis, if there is room for them.
    Panel words(String words, double from, double to) {
        if (across(to) - across(from) > words.length() * LETTER + 8) {
            marks.append(text(across(from) + 5, top + 13, "start", words));
        }
        return this;
    }

    /// The panel as SVG elements.
    String svg(String clip) {
        var svg = new StringBuilder();
        svg.append(format(
                "<clipPath id=\"%s\"><rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/></clipPath>%n",
                clip, number(left), number(top - 1), number(width + 1), number(height + 2)));
        for (double tick : y.ticks()) {
            double at = down(tick);
            svg.append(format(
                    "<path d=\"M%s %sH%s\" stroke=\"%s\" stroke-opacity=\"0.25\"/>%n",
                    number(left), number(at), number(left + width), GREY));
            svg.append(text(left - 7, at + 4, "end", y.label(tick)));
        }
        for (double tick : x.ticks()) {
            double at = across(tick);
            svg.append(format("<path d=\"M%s %sv4\" stroke=\"%s\"/>%n", number(at), number(top + height), GREY));
            svg.append(text(at, top + height + 17, "middle", x.label(tick)));
        }
        svg.append(format(
                "<path d=\"M%s %sH%s\" stroke=\"%s\"/>%n",
                number(left), number(top + height), number(left + width), GREY));
        svg.append(marks);
        svg.append(format("<g clip-path=\"url(#%s)\" stroke-linejoin=\"round\">%n%s</g>%n", clip, lines));
        svg.append(format(
                "<text x=\"%s\" y=\"%s\" font-weight=\"600\" font-size=\"13\">%s</text>%n",
                number(left), number(top - 12), escaped(title)));
        double at = left + width;
        for (var entry : legend.reversed()) {
            svg.append(text(at, top - 12, "end", entry[0]));
            at -= entry[0].length() * LETTER + 5;
            svg.append(format(
                    "<path d=\"M%s %sh-16\" stroke=\"%s\" stroke-width=\"3\"/>%n",
                    number(at), number(top - 16), entry[1]));
            at -= 32;
        }
        return svg.toString();
    }

    /// At most two points for a pixel's width, its lowest and its highest, so that a long run stays a small file
    /// and no spike is lost.
    private String path(double[] xs, double[] ys) {
        var path = new StringBuilder();
        boolean pen = false;
        int i = 0;
        while (i < xs.length) {
            if (!Double.isFinite(y.position(ys[i]))) {
                pen = false;
                i++;
                continue;
            }
            int low = i;
            int high = i;
            int end = i;
            double pixel = Math.floor(across(xs[i]));
            while (end < xs.length && Math.floor(across(xs[end])) == pixel && Double.isFinite(y.position(ys[end]))) {
                low = ys[end] < ys[low] ? end : low;
                high = ys[end] > ys[high] ? end : high;
                end++;
            }
            int first = Math.min(low, high);
            int second = Math.max(low, high);
            path.append(pen ? 'L' : 'M').append(point(xs[first], ys[first]));
            if (second > first) {
                path.append('L').append(point(xs[second], ys[second]));
            }
            pen = true;
            i = end;
        }
        return path.toString().strip();
    }

    private String point(double atX, double atY) {
        return number(across(atX)) + " " + number(down(atY)) + " ";
    }

    private double across(double value) {
        return left + width * x.position(value);
    }

    private double down(double value) {
        return top + headroom + (height - headroom) * (1 - y.position(value));
    }

    static String text(double x, double y, String anchor, String words) {
        return format(
                "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>%n", number(x), number(y), anchor, escaped(words));
    }

    private static String number(double value) {
        String number = format("%.1f", value);
        return number.endsWith(".0") ? number.substring(0, number.length() - 2) : number;
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replaceAll("\\p{Cntrl}", " ");
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format.replace("%n", "\n"), values);
    }
}
