package ai.hadal.server.reply;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What every tenant has used of its quota. A request is taken while something is left, and counts with all that it
/// takes in the end: what was used beyond the limit is missing from the requests after it. Used by any thread.
public final class Quotas {

    /// Tenants that are remembered. The one that asked for nothing for longest is forgotten first.
    private static final int MOST_TENANTS = 16_384;

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final long MILLIS = 1000;

    private final Quota quota;
    private final InstantSource clock;
    private final Map<String, Account> accounts = new LinkedHashMap<>(16, 0.75f, true);

    /// @param quota of each tenant
    /// @param clock tells how much has come back
    public Quotas(Quota quota, InstantSource clock) {
        this.quota = quota;
        this.clock = clock;
    }

    /// One tenant's, null where there is no limit.
    private record Account(
            @Nullable Bucket requests,
            @Nullable Bucket minute,
            @Nullable Bucket day) {

        Stream<Bucket> all() {
            return Stream.of(requests, minute, day).filter(Objects::nonNull).map(Objects::requireNonNull);
        }
    }

    /// Takes a request of a tenant.
    ///
    /// @throws QuotaException if it has used up a quota
    public synchronized void request(String tenant) {
        var account = account(tenant);
        check(account.requests, tenant, "requests a minute");
        check(account.minute, tenant, "tokens a minute");
        check(account.day, tenant, "tokens a day");
        if (account.requests != null) {
            account.requests.take(1);
        }
    }

    private static void check(@Nullable Bucket bucket, String tenant, String what) {
        if (bucket != null && !bucket.holds(1)) {
            var wait = bucket.until(1);
            throw new QuotaException(
                    String.format(
                            Locale.ROOT,
                            "'%s' has used up its %,d %s; ask again in %,d seconds",
                            tenant,
                            bucket.level().limit(),
                            what,
                            Math.ceilDiv(wait.toMillis(), MILLIS)),
                    wait);
        }
    }

    /// Tokens that a tenant has used, or fewer than was thought if negative.
    synchronized void spend(String tenant, long tokens) {
        var account = account(tenant);
        Stream.of(account.minute, account.day)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .forEach(bucket -> bucket.take(tokens));
    }

    /// What a tenant has left.
    public synchronized Standing standing(String tenant) {
        var account = account(tenant);
        var tokens = account.minute;
        if (tokens == null || (account.day != null && account.day.part() < tokens.part())) {
            tokens = account.day;
        }
        return new Standing(
                clock.instant(),
                account.requests == null ? null : account.requests.level(),
                tokens == null ? null : tokens.level());
    }

    /// Tenants that are remembered.
    synchronized int size() {
        return accounts.size();
    }

    private Account account(String tenant) {
        var now = clock.instant();
        var account = accounts.computeIfAbsent(tenant, _ -> newAccount(now));
        account.all().forEach(bucket -> bucket.refill(now));
        if (accounts.size() > MOST_TENANTS) {
            accounts.remove(accounts.keySet().iterator().next());
        }
        return account;
    }

    private Account newAccount(Instant now) {
        return new Account(
                bucket(quota.requestsPerMinute(), MINUTE, now),
                bucket(quota.tokensPerMinute(), MINUTE, now),
                bucket(quota.tokensPerDay(), DAY, now));
    }

    private static @Nullable Bucket bucket(long limit, Duration period, Instant now) {
        return limit == 0 ? null : new Bucket(limit, period, now);
    }
}
