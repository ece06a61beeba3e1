package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.ledger.Ending;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Endings written down where they do not outlive the process. */
public final class InMemoryUnsettled implements Unsettled {

    private final List<Ending> endings = new CopyOnWriteArrayList<>();

    @Override
    public void keep(Ending ending) {
        endings.add(ending);
    }

    @Override
    public List<Ending> endings() {
        return List.copyOf(endings);
    }

    @Override
    public void remove(List<Ending> done) {
        endings.removeAll(done);
    }
}
