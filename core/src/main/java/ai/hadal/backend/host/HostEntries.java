package ai.hadal.backend.host;

import ai.hadal.backend.Entries;
import java.util.Arrays;

/// Entries in pages of 64. Forks share pages; a page is copied when one of its sharers writes to it.
public final class HostEntries implements Entries {

    /// log2 of the entries in a page.
    public static final int PAGE_BITS = 6;

    public static final int PAGE = 1 << PAGE_BITS;

    private final int width;
    private float[][] pages;
    private boolean[] owned;
    private int size;

    public HostEntries(int width) {
        this(width, new float[4][], new boolean[4], 0);
    }

    private HostEntries(int width, float[][] pages, boolean[] owned, int size) {
        this.width = width;
        this.pages = pages;
        this.owned = owned;
        this.size = size;
    }

    public static HostEntries of(Entries entries) {
        return (HostEntries) entries;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void truncate(int size) {
        if (size < 0 || size > this.size) {
            throw new IllegalArgumentException("cannot truncate " + this.size + " entries to " + size);
        }
        this.size = size;
        for (int page = (size + PAGE - 1) >> PAGE_BITS; page < pages.length && pages[page] != null; page++) {
            Arrays.fill(pages, page, page + 1, null);
            owned[page] = false;
        }
    }

    @Override
    public HostEntries fork() {
        Arrays.fill(owned, false);
        return new HostEntries(width, pages.clone(), new boolean[pages.length], size);
    }

    @Override
    public void read(int index, float[] target) {
        System.arraycopy(page(index), offset(index), target, 0, width);
    }

    @Override
    public void append(float[] source, int offset) {
        int page = size >> PAGE_BITS;
        if (page == pages.length) {
            pages = Arrays.copyOf(pages, page * 2);
            owned = Arrays.copyOf(owned, page * 2);
        }
        if (!owned[page]) {
            pages[page] = pages[page] == null ? new float[PAGE * width] : pages[page].clone();
            owned[page] = true;
        }
        System.arraycopy(source, offset, pages[page], offset(size), width);
        size++;
    }

    /// The page that holds an entry.
    public float[] page(int index) {
        return pages[index >> PAGE_BITS];
    }

    /// Where an entry starts in its page.
    public int offset(int index) {
        return (index & (PAGE - 1)) * width;
    }

    @Override
    public long bytes() {
        return (long) ((size + PAGE - 1) >> PAGE_BITS) * PAGE * width * Float.BYTES;
    }
}
