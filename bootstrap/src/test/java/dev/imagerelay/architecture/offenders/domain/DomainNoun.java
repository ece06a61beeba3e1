package dev.imagerelay.architecture.offenders.domain;

public class DomainNoun {

    Object nothing;
}
