package dev.imagerelay.architecture.offenders.adapters.persistence;

import dev.imagerelay.architecture.offenders.adapters.http.AdapterShowsAnInnerType;

class PersistenceKnowsHttp {

    AdapterShowsAnInnerType http;
}
