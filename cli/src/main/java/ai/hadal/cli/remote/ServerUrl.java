package ai.hadal.cli.remote;

import ai.hadal.error.HadalException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/// The address of a server's API as people write it.
final class ServerUrl {

    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*://.*");
    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127(\\.\\d+){3}|\\[::1])([:/].*)?");
    private static final Pattern VERSION = Pattern.compile(".*/v\\d+[a-z0-9]*");
    private static final String CHAT = "/chat/completions";

    private ServerUrl() {}

    /// The address that paths like `/models` are appended to: with `/v1` where the URL has no version, and
    /// without `/chat/completions`. Without a scheme it is `http` on this machine and `https` elsewhere.
    ///
    /// @throws HadalException if it is no address of a server
    static URI base(String url) {
        String text = url.strip();
        if (!SCHEME.matcher(text).matches()) {
            text = (LOOPBACK.matcher(text).matches() ? "http://" : "https://") + text;
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw wrong(url, e.getReason());
        }
        String scheme = String.valueOf(uri.getScheme());
        if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
            throw wrong(url, "'" + scheme + "' is no way to reach a server");
        }
        if (uri.getHost() == null) {
            throw wrong(url, "it has no host");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
            throw wrong(url, "a server's address has no user, query or fragment");
        }
        String path = String.valueOf(uri.getRawPath()).replaceFirst("/+$", "");
        if (path.endsWith(CHAT)) {
            path = path.substring(0, path.length() - CHAT.length());
        }
        if (!VERSION.matcher(path).matches()) {
            path += "/v1";
        }
        return URI.create(scheme + "://" + uri.getRawAuthority() + path);
    }

    private static HadalException wrong(String url, String reason) {
        return new HadalException("'" + url + "' is no address of a server (" + reason
                + "); give one such as http://localhost:8080 or https://api.deepseek.com");
    }
}
