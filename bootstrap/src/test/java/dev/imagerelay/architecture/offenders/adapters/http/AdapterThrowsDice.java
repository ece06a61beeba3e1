package dev.imagerelay.architecture.offenders.adapters.http;

import java.util.UUID;

class AdapterThrowsDice {

    UUID id = UUID.randomUUID();
}
