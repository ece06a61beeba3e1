package dev.imagerelay.adapters.http;

import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.RequestBody;

/** An order as it is priced, and the same order as it is sent on. */
record ReceivedOrder(ImageOrder order, RequestBody body) {}
