package ai.hadal.backend.host;

import ai.hadal.backend.Entries;
import ai.hadal.backend.EntryLayout;
import ai.hadal.backend.EntryLayout.Form;
import ai.hadal.backend.EntryRun;
import java.util.Arrays;

/// Entries in pages of 32. Forks and runs share pages; a page is copied when one of its sharers writes to it.
///
/// Entries of a page lie one behind the other, but those of FP4 side by side, sixteen in a block, so that one vector
/// holds the same codes of sixteen keys: word w (8 codes) of key k at byte `64 w + 4 k` of its block, scale g of key k
/// at `16 g + k` behind the words.
public final class HostEntries implements Entries {

    /// log2 of the entries in a page.
    public static final int PAGE_BITS = 5;

    public static final int PAGE = 1 << PAGE_BITS;

    /// Keys side by side.
    public static final int BLOCK = 16;

    private final EntryLayout layout;
    private final int stride;
    private byte[][] pages;
    private boolean[] owned;
    private int size;

    /// Entries that can be read: those that a [#rewind] left behind [#size] too.
    private int known;

    public HostEntries(EntryLayout layout) {
        this(layout, new byte[4][], new boolean[4], 0, 0);
    }

    private HostEntries(EntryLayout layout, byte[][] pages, boolean[] owned, int size, int known) {
        this.layout = layout;
        this.stride = layout.bytes();
        this.pages = pages;
        this.owned = owned;
        this.size = size;
        this.known = known;
    }

    public static HostEntries of(Entries entries) {
        return (HostEntries) entries;
    }

    @Override
    public EntryLayout layout() {
        return layout;
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
        known = size;
        for (int page = (size + PAGE - 1) >> PAGE_BITS; page < pages.length && pages[page] != null; page++) {
            Arrays.fill(pages, page, page + 1, null);
            owned[page] = false;
        }
    }

    @Override
    public void rewind(int size) {
        if (size < 0 || size > this.size) {
            throw new IllegalArgumentException("cannot rewind " + this.size + " entries to " + size);
        }
        this.size = size;
    }

    @Override
    public HostEntries fork() {
        Arrays.fill(owned, false);
        return new HostEntries(layout, pages.clone(), new boolean[pages.length], size, known);
    }

    /// A whole page is shared; others are copied.
    @Override
    public EntryRun run(int from, int size) {
        if (size != PAGE || from % PAGE != 0) {
            return Entries.super.run(from, size);
        }
        owned[from >> PAGE_BITS] = false;
        return new HostPage(layout, page(from));
    }

    @Override
    public void append(EntryRun run) {
        if (run instanceof HostPage page && page.layout().equals(layout) && size == known && size % PAGE == 0) {
            int index = size >> PAGE_BITS;
            grow(index);
            pages[index] = page.page();
            owned[index] = false;
            size += PAGE;
            known = size;
        } else {
            Entries.super.append(run);
        }
    }

    @Override
    public void read(int index, float[] target) {
        byte[] entry = new byte[stride];
        readStored(index, entry);
        EntryCodes.decode(layout, entry, 0, target, 0);
    }

    @Override
    public void append(float[] source, int offset) {
        if (size < known) {
            size++;
            return;
        }
        byte[] entry = new byte[stride];
        EntryCodes.encode(layout, source, offset, entry, 0);
        appendStored(entry);
    }

    @Override
    public void readStored(int index, byte[] target) {
        readStored(layout, page(index), index, target);
    }

    /// Copies the entry that has this index in a list from its page.
    static void readStored(EntryLayout layout, byte[] page, int index, byte[] target) {
        int stride = layout.bytes();
        if (layout.form() != Form.FP4) {
            System.arraycopy(page, (index & (PAGE - 1)) * stride, target, 0, stride);
            return;
        }
        int block = (index & (PAGE - BLOCK)) * stride;
        for (int b = 0; b < stride; b++) {
            target[b] = page[block + sideBySide(layout, index, b)];
        }
    }

    @Override
    public void appendStored(byte[] source) {
        if (size < known) {
            size++;
            return;
        }
        byte[] page = writablePage();
        if (layout.form() == Form.FP4) {
            int block = blockOffset(size);
            for (int b = 0; b < stride; b++) {
                page[block + sideBySide(layout, size, b)] = source[b];
            }
        } else {
            System.arraycopy(source, 0, page, offset(size), stride);
        }
        size++;
        known = size;
    }

    /// The page that takes the next entry.
    private byte[] writablePage() {
        int page = size >> PAGE_BITS;
        grow(page);
        if (!owned[page]) {
            pages[page] = pages[page] == null ? new byte[PAGE * stride] : pages[page].clone();
            owned[page] = true;
        }
        return pages[page];
    }

    private void grow(int page) {
        if (page == pages.length) {
            pages = Arrays.copyOf(pages, page * 2);
            owned = Arrays.copyOf(owned, page * 2);
        }
    }

    /// The page that holds an entry.
    public byte[] page(int index) {
        return pages[index >> PAGE_BITS];
    }

    /// Where an entry starts in its page, if entries lie one behind the other.
    public int offset(int index) {
        return (index & (PAGE - 1)) * stride;
    }

    /// Where the block of a key starts in its page, if keys lie side by side.
    public int blockOffset(int index) {
        return (index & (PAGE - BLOCK)) * stride;
    }

    /// Where byte b of a key lies in its block.
    private static int sideBySide(EntryLayout layout, int index, int b) {
        int key = index & (BLOCK - 1);
        int scales = layout.scalesAt();
        return b < scales ? (b & -4) * BLOCK + 4 * key + (b & 3) : b * BLOCK + key;
    }

    @Override
    public long bytes() {
        return (long) ((known + PAGE - 1) >> PAGE_BITS) * PAGE * stride;
    }
}
