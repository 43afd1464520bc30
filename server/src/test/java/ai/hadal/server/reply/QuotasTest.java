package ai.hadal.server.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// What tenants may use, with a clock that the test turns.
class QuotasTest {

    private static final String TEAM = "team";

    private Instant now = Instant.parse("2026-05-04T03:02:01Z");

    private Quotas quotas(Quota quota) {
        return new Quotas(quota, () -> now);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private static Duration refused(Quotas quotas, String says) {
        var wait = new Duration[1];
        assertThatThrownBy(() -> quotas.request(TEAM)).isInstanceOfSatisfying(QuotaException.class, e -> {
            assertThat(e).hasMessageContaining(says);
            wait[0] = e.untilMore();
        });
        return wait[0];
    }

    @Test
    void requestsComeBackOneByOne() {
        var quotas = quotas(new Quota(3, 0, 0));
        for (int i = 0; i < 3; i++) {
            quotas.request(TEAM);
        }
        assertThat(refused(quotas, "'team' has used up its 3 requests a minute; ask again in 20 seconds"))
                .isEqualTo(Duration.ofSeconds(20));
        pass(Duration.ofMillis(19_999));
        assertThat(refused(quotas, "in 1 seconds")).isEqualTo(Duration.ofMillis(1));
        pass(Duration.ofMillis(1));
        quotas.request(TEAM);
        refused(quotas, "requests a minute");
        quotas.request("other");
    }

    @Test
    void noMoreThanAllIsSavedUp() {
        var quotas = quotas(new Quota(2, 0, 0));
        quotas.request(TEAM);
        pass(Duration.ofDays(400));
        quotas.request(TEAM);
        quotas.request(TEAM);
        refused(quotas, "2 requests a minute");
    }

    @Test
    void whatWasUsedBeyondTheLimitIsMissingLater() {
        var quotas = quotas(new Quota(0, 600, 0));
        quotas.request(TEAM);
        quotas.spend(TEAM, 1200);
        assertThat(refused(quotas, "its 600 tokens a minute")).isEqualTo(Duration.ofMillis(60_100));
        pass(Duration.ofSeconds(60));
        assertThat(quotas.standing(TEAM).tokens()).isEqualTo(new Standing.Level(600, 0, Duration.ofMinutes(1)));
        refused(quotas, "tokens a minute");
        pass(Duration.ofMillis(100));
        quotas.request(TEAM);
    }

    @Test
    void whatWasTooMuchIsGivenBack() {
        var quotas = quotas(new Quota(0, 600, 0));
        quotas.spend(TEAM, 700);
        quotas.spend(TEAM, -650);
        assertThat(quotas.standing(TEAM).tokens()).isEqualTo(new Standing.Level(600, 550, Duration.ofSeconds(5)));
        quotas.spend(TEAM, -650);
        assertThat(quotas.standing(TEAM).tokens()).isEqualTo(new Standing.Level(600, 600, Duration.ZERO));
    }

    @Test
    void theScarcerLimitIsTold() {
        var quotas = quotas(new Quota(10, 100, 1000));
        assertThat(quotas.standing(TEAM).tokens()).isEqualTo(new Standing.Level(100, 100, Duration.ZERO));
        for (int i = 0; i < 10; i++) {
            quotas.request(TEAM);
            quotas.spend(TEAM, 99);
            pass(Duration.ofMinutes(1));
        }
        var standing = quotas.standing(TEAM);
        assertThat(standing.at()).isEqualTo(now);
        assertThat(standing.requests()).isEqualTo(new Standing.Level(10, 10, Duration.ZERO));
        assertThat(standing.tokens()).isNotNull().satisfies(level -> {
            assertThat(level.limit()).isEqualTo(1000);
            assertThat(level.left()).isEqualTo(16);
        });
        quotas.spend(TEAM, 20);
        refused(quotas, "its 1,000 tokens a day");
    }

    @Test
    void aClockThatGoesBackChangesNothing() {
        var quotas = quotas(new Quota(1, 0, 0));
        quotas.request(TEAM);
        pass(Duration.ofHours(-1));
        assertThat(refused(quotas, "1 requests a minute")).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void withoutLimitsNothingIsTold() {
        var quotas = quotas(Quota.NONE);
        quotas.request(TEAM);
        quotas.spend(TEAM, 1_000_000);
        quotas.request(TEAM);
        assertThat(quotas.standing(TEAM).requests()).isNull();
        assertThat(quotas.standing(TEAM).tokens()).isNull();
    }

    @Test
    void notAllAddressesAreRemembered() {
        var quotas = quotas(new Quota(1, 1, 1));
        for (int i = 0; i < 50_000; i++) {
            quotas.request("address " + i);
        }
        assertThat(quotas.size()).isEqualTo(16_384);
        assertThatThrownBy(() -> quotas.request("address 49999")).isInstanceOf(QuotaException.class);
    }

    @Test
    void limitsAreNotNegative() {
        assertThatThrownBy(() -> new Quota(0, -1, 0)).isInstanceOf(HadalException.class);
    }
}
