package dev.imagerelay.application.port.in;

import dev.imagerelay.domain.report.UpstreamStatus;
import java.util.List;

/** How do the upstreams do? */
public interface ListUpstreams {

    /** Every upstream there is, in the order of the settings, as this gateway sees it now. */
    List<UpstreamStatus> upstreams();
}
