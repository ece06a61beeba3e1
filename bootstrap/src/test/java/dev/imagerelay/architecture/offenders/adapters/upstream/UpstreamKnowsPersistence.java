package dev.imagerelay.architecture.offenders.adapters.upstream;

import dev.imagerelay.architecture.offenders.adapters.persistence.Persistence;

class UpstreamKnowsPersistence {

    Persistence persistence;
}
