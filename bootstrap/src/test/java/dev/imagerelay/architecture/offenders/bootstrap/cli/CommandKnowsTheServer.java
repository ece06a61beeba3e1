package dev.imagerelay.architecture.offenders.bootstrap.cli;

import dev.imagerelay.architecture.offenders.adapters.persistence.Persistence;

class CommandKnowsTheServer {

    Persistence server;
}
