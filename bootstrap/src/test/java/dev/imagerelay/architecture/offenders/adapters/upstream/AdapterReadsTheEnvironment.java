package dev.imagerelay.architecture.offenders.adapters.upstream;

class AdapterReadsTheEnvironment {

    String key = System.getenv("KEY");
}
