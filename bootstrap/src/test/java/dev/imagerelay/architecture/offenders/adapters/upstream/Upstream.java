package dev.imagerelay.architecture.offenders.adapters.upstream;

public class Upstream {

    Object nothing;
}
