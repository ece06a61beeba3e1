package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.report.UpstreamStatus;
import java.util.List;

/** How the upstreams do. */
public interface UpstreamHealth {

    /** Every upstream there is, in the order of the settings, as it is now. Asks none of them. */
    List<UpstreamStatus> upstreams();
}
