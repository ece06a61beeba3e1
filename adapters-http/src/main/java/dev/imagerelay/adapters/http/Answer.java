package dev.imagerelay.adapters.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** All that will be sent back for one request. */
interface Answer {

    /** Sends it whole. To be called once. */
    void send(HttpServletResponse response) throws IOException;
}
