package ai.hadal.backend.host;

import ai.hadal.backend.EntryLayout;
import ai.hadal.backend.EntryRun;

/// A full page of [HostEntries] that nobody writes to any more.
record HostPage(EntryLayout layout, byte[] page) implements EntryRun {

    @Override
    public int size() {
        return HostEntries.PAGE;
    }

    @Override
    public void readStored(int index, byte[] target) {
        HostEntries.readStored(layout, page, index, target);
    }
}
