package dev.imagerelay.architecture.offenders.domain;

class DomainKnowsALibrary {

    org.slf4j.Logger library;
}
