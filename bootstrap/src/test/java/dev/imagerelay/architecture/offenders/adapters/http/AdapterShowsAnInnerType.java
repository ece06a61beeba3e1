package dev.imagerelay.architecture.offenders.adapters.http;

public class AdapterShowsAnInnerType {

    Object nothing;
}
