package ai.hadal.error;

/// Bad input or an impossible request. The message is one sentence that names the place (file, tensor, field, flag),
/// the cause and what to do; a caller shows it as it is, without a stack trace.
public class HadalException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public HadalException(String message) {
        super(message);
    }

    public HadalException(String message, Throwable cause) {
        super(message, cause);
    }
}
