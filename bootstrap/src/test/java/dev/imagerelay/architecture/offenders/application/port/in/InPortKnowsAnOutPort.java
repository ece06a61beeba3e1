package dev.imagerelay.architecture.offenders.application.port.in;

import dev.imagerelay.architecture.offenders.application.port.out.OutPort;

class InPortKnowsAnOutPort {

    OutPort port;
}
