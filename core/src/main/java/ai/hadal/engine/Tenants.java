package ai.hadal.engine;

import java.util.HashMap;
import java.util.Map;

/// Who has had how much of the machine. Tenants that have work share it equally: whoever was served least goes first.
/// A tenant that comes (back) begins where the least served one stands, so that rest earns nothing. Guarded by the
/// scheduler's lock.
final class Tenants {

    private static final class Share {
        long served;
        int waiting;
        int running;
    }

    private final Map<String, Share> shares = new HashMap<>();

    /// What the least served tenant had when it was last known.
    private long floor;

    int waiting(String tenant) {
        var share = shares.get(tenant);
        return share == null ? 0 : share.waiting;
    }

    int running(String tenant) {
        var share = shares.get(tenant);
        return share == null ? 0 : share.running;
    }

    /// Tokens processed for a tenant with work, and what it began with.
    long served(String tenant) {
        return share(tenant).served;
    }

    void waits(String tenant) {
        var share = shares.get(tenant);
        if (share == null) {
            floor = Math.max(
                    floor,
                    shares.values().stream().mapToLong(s -> s.served).min().orElse(floor));
            share = new Share();
            share.served = floor;
            shares.put(tenant, share);
        }
        share.waiting++;
    }

    void leavesQueue(String tenant) {
        share(tenant).waiting--;
        forgetIdle(tenant);
    }

    void runs(String tenant) {
        var share = share(tenant);
        share.waiting--;
        share.running++;
    }

    void ends(String tenant) {
        share(tenant).running--;
        forgetIdle(tenant);
    }

    /// Counts tokens that were processed for it.
    void serve(String tenant, long tokens) {
        share(tenant).served += tokens;
    }

    private Share share(String tenant) {
        var share = shares.get(tenant);
        if (share == null) {
            throw new IllegalStateException("tenant '" + tenant + "' has no work");
        }
        return share;
    }

    private void forgetIdle(String tenant) {
        var share = share(tenant);
        if (share.waiting == 0 && share.running == 0) {
            shares.remove(tenant);
            if (shares.isEmpty()) {
                floor = Math.max(floor, share.served);
            }
        }
    }
}
