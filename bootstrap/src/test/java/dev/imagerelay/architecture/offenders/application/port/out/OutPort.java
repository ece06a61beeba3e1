package dev.imagerelay.architecture.offenders.application.port.out;

public class OutPort {

    Object nothing;
}
