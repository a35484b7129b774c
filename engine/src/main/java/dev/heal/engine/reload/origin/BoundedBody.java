package dev.heal.engine.reload.origin;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The body of an answer, as long as it is not too long. */
final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {
  /** The body is longer than allowed. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final long most;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private final List<byte[]> parts = new ArrayList<>();
  private int size;
  private Flow.@Nullable Subscription subscription;

  /**
   * @param most bytes
   */
  BoundedBody(long most) {
    this.most = most;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (body.isDone()) {
        return;
      }
      if (size + (long) buffer.remaining() > most) {
        if (subscription != null) {
          subscription.cancel();
        }
        boolean unused = body.completeExceptionally(new TooLong());
        return;
      }
      byte[] part = new byte[buffer.remaining()];
      buffer.get(part);
      parts.add(part);
      size += part.length;
    }
  }

  @Override
  public void onError(Throwable broken) {
    boolean unused = body.completeExceptionally(broken);
  }

  @Override
  public void onComplete() {
    ByteBuffer whole = ByteBuffer.allocate(size);
    parts.forEach(whole::put);
    boolean unused = body.complete(whole.array());
  }
}
