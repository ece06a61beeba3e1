package dev.imagerelay.architecture.offenders.adapters.persistence;

public class Persistence {

    Object nothing;
}
